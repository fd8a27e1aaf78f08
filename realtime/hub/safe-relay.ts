// Tells pages what is in sealed blocks, so that they keep no copy of it any more [R13]. The signal only says where to look:
// a page deletes what it is told is safe, so the row is asked.
import type { SystemActor } from '#domain/actor.ts';
import type { AgencyId } from '#domain/ids.ts';
import type { HubDependencies } from './dependencies.ts';
import { pageRoom, type RecordNamespace } from './live-rooms.ts';

export type SafeRelayOptions = {
	deps: Pick<HubDependencies, 'signals' | 'readSealed' | 'liveLog'>;
	pages: RecordNamespace;
	/** What a page shows is not known any more: replays and late watchers want it to say so. */
	onUnsure(pageId: string): void;
	onError(error: unknown): void;
};

/** Starts telling; returns a function that stops it. A lost signal costs nothing: the next one says it, too. */
export function relaySafe({ deps, pages, onUnsure, onError }: SafeRelayOptions): () => void {
	const tell = async (actor: SystemActor, pageId: string): Promise<void> => {
		const sealed = await deps.readSealed(actor, { pageId });
		if (!sealed) return;
		const safe = Math.min(sealed.seq, deps.liveLog.got(pageId));
		pages.to(pageRoom(pageId)).emit('record:safe', { safe });
		if (sealed.isUnsure) onUnsure(pageId);
	};
	return deps.signals.subscribe((signal) => {
		if (signal.topic !== 'page.sealed') return;
		const { agencyId, pageId } = signal;
		// Connected elsewhere, or to nobody: whoever serves it says so.
		if (!pages.adapter.rooms.has(pageRoom(pageId))) return;
		tell({ kind: 'system', agencyId: agencyId as AgencyId }, pageId).catch(onError);
	});
}
