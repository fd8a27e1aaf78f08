// What makes a session worth a look, told to the walls soon after it happened. Counted from the rows at each action, and only
// while somebody has a wall open.
import type { SystemActor } from '#domain/actor.ts';
import { RISK_AFTER_MS } from './hub-limits.ts';
import type { HubDependencies } from './dependencies.ts';
import type { LiveRooms } from './live-rooms.ts';
import type { WatchConnections } from './watch-connections.ts';

export type RiskRelayOptions = {
	deps: Pick<HubDependencies, 'readRisks' | 'signals'>;
	rooms: LiveRooms;
	watchers: Pick<WatchConnections, 'hasWall'>;
	onError(error: unknown): void;
};

/** Starts counting; returns a function that stops it. */
export function relayRisks({ deps, rooms, watchers, onError }: RiskRelayOptions): () => void {
	const due = new Map<string, NodeJS.Timeout>();
	const count = async (impersonationId: string): Promise<void> => {
		due.delete(impersonationId);
		const room = rooms.get(impersonationId);
		if (!room) return;
		const system: SystemActor = { kind: 'system', agencyId: room.agencyId };
		rooms.learnRisks(impersonationId, await deps.readRisks(system, { impersonationId }));
	};
	const stop = deps.signals.subscribe((signal) => {
		if (signal.topic !== 'action.logged' || due.has(signal.impersonationId)) return;
		const { impersonationId } = signal;
		if (!watchers.hasWall(signal.agencyId)) return;
		// Several actions in one moment are counted once.
		due.set(
			impersonationId,
			setTimeout(() => void count(impersonationId).catch(onError), RISK_AFTER_MS)
		);
	});
	return () => {
		stop();
		for (const timer of due.values()) clearTimeout(timer);
	};
}
