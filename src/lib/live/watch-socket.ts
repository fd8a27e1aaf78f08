// The connection of a watching page to the hub.
import { io, type Socket } from 'socket.io-client';
import { HUB_PATH, PROTOCOL_VERSION } from '#protocol/limits.ts';
import type { Refusal } from '#protocol/refusals.ts';
import type { WATCH_NAMESPACE, WatchFromHub, WatchToHub } from '#protocol/watch.ts';

export type WatchSocket = Socket<WatchFromHub, WatchToHub>;

// Its type is the protocol's constant; the value is repeated, since importing it would bring the schemas along [L3].
const NAMESPACE: typeof WATCH_NAMESPACE = '/watch';

/** The longest pause between two attempts: a supervisor must not look at an old picture for long. */
const MAX_RETRY_PAUSE_MS = 2_000;

/** An answer that takes longer counts as lost. */
const ANSWER_LIMIT_MS = 8_000;

/** Opens a connection of its own; `close()` ends it for good. */
export const openWatchSocket = (): WatchSocket =>
	io(NAMESPACE, {
		path: HUB_PATH,
		transports: ['websocket'],
		auth: { version: PROTOCOL_VERSION },
		forceNew: true,
		reconnectionDelay: 300,
		reconnectionDelayMax: MAX_RETRY_PAUSE_MS,
		ackTimeout: ANSWER_LIMIT_MS
	});

/** Why a handshake was refused, or null when it failed for another reason (the hub is away). */
export function refusalOf(error: Error): Refusal | null {
	const data: unknown = 'data' in error ? error.data : null;
	const refusal = typeof data === 'object' && data !== null && 'refusal' in data ? data.refusal : null;
	return typeof refusal === 'string' ? (refusal as Refusal) : null;
}
