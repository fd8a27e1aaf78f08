// Actions and views to those who watch, while they happen. The signal only says where to look.
import type { AgencyId } from '#domain/ids.ts';
import type { Signal } from '#server/ports/signals.ts';
import type { WhichEntry } from '#server/usecases/live/read-entry.ts';
import type { HubDependencies } from './dependencies.ts';
import type { WatchConnections } from './watch-connections.ts';

export type EntryRelayOptions = {
	deps: Pick<HubDependencies, 'readEntry' | 'signals'>;
	watchers: WatchConnections;
	onError(error: unknown): void;
};

function whichOf(signal: Signal): WhichEntry | null {
	switch (signal.topic) {
		case 'action.logged':
			return { seq: signal.seq };
		case 'view.written':
			return { viewId: signal.viewId };
		case 'fault.noted':
			return { faultId: signal.faultId };
		default:
			return null;
	}
}

/** Starts relaying; returns a function that stops it. Entries of one impersonation keep the order of their signals. */
export function relayEntries({ deps, watchers, onError }: EntryRelayOptions): () => void {
	let queue: Promise<void> = Promise.resolve();
	const tell = async (signal: Signal, which: WhichEntry): Promise<void> => {
		const agencyId = signal.agencyId as AgencyId;
		const found = await deps.readEntry({ kind: 'system', agencyId }, which);
		if (found) watchers.tellEntry(found.impersonationId, agencyId, found.entry);
	};
	return deps.signals.subscribe((signal) => {
		const which = whichOf(signal);
		if (!which || !('impersonationId' in signal)) return;
		// Nobody looks: no query. Whoever comes later reads the list from the rows.
		if (watchers.watchersOf(signal.impersonationId).length === 0) return;
		queue = queue.then(() => tell(signal, which)).catch(onError);
	});
}
