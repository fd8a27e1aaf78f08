// Tells the hub that a live page is being looked at, for as long as it can be seen: what makes a moderator a second person.
import type { WatchSocket } from './watch-socket.ts';

/** Three of them fit into what the server lets a look count for, so that a lost one closes nothing. */
const LOOK_EVERY_MS = 3_500;

/** @returns what stops it */
export function keepLooking(socket: WatchSocket, impersonationId: string): () => void {
	const look = (): void => {
		if (document.visibilityState !== 'visible' || !socket.connected) return;
		// What is refused, by the role or before the watch is open, is asked again at the next look.
		void socket.emitWithAck('session:look', { impersonationId }).catch(() => undefined);
	};
	const timer = setInterval(look, LOOK_EVERY_MS);
	document.addEventListener('visibilitychange', look);
	look();
	return () => {
		clearInterval(timer);
		document.removeEventListener('visibilitychange', look);
	};
}
