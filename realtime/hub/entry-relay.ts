// Actions and views to those who watch, while they happen. The signal only says where to look.
import type { AgencyId } from '#domain/ids.ts';
import type { Signal } from '#server/ports/signals.ts';
import type { HubDependencies } from './dependencies.ts';
import type { WatchConnections } from './watch-connections.ts';

export type EntryRelayOptions = {
	deps: Pick<HubDependencies, 'readEntry' | 'signals'>;
	watchers: WatchConnections;
	onError(error: unknown): void;
};

/** Starts relaying; returns a function that stops it. Entries of one impersonation keep the order of their signals. */
export function relayEntries({ deps, watchers, onError }: EntryRelayOptions): () => void {
	let queue: Promise<void> = Promise.resolve();
	const tell = async (signal: Signal, which: { seq: string } | { viewId: string }): Promise<void> => {
		const agencyId = signal.agencyId as AgencyId;
		const found = await deps.readEntry({ kind: 'system', agencyId }, which);
		if (found) watchers.tellEntry(found.impersonationId, agencyId, found.entry);
	};
	return deps.signals.subscribe((signal) => {
		if (signal.topic !== 'action.logged' && signal.topic !== 'view.written') return;
		// Nobody looks: no query. Whoever comes later reads the list from the rows.
		if (watchers.watchersOf(signal.impersonationId).length === 0) return;
		const which = signal.topic === 'action.logged' ? { seq: signal.seq } : { viewId: signal.viewId };
		queue = queue.then(() => tell(signal, which)).catch(onError);
	});
}
