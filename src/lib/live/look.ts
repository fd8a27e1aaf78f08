// Tells the hub that a live page is being looked at, for as long as it can be seen: what makes a moderator a second person.
import type { WatchSocket } from './watch-socket.ts';

/** Three of them fit into what the server lets a look count for, so that a lost one closes nothing. */
const LOOK_EVERY_MS = 3_500;

/** `now` is for the moment at which the watch was opened: whoever waits for a second person need not wait for the next look. */
export type Looking = { now(): void; stop(): void };

export function keepLooking(socket: WatchSocket, impersonationId: string): Looking {
	const look = (): void => {
		if (document.visibilityState !== 'visible' || !socket.connected) return;
		// What is refused, by the role or before the watch is open, is asked again at the next look.
		void socket.emitWithAck('session:look', { impersonationId }).catch(() => undefined);
	};
	const timer = setInterval(look, LOOK_EVERY_MS);
	document.addEventListener('visibilitychange', look);
	const stop = (): void => {
		clearInterval(timer);
		document.removeEventListener('visibilitychange', look);
	};
	return { now: look, stop };
}
