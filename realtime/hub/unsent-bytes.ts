// How much a connection holds that its peer has not taken yet.
import type { Socket } from 'socket.io';

type Connection = Socket['conn'];

/** Packets counted before it is plain that the peer is behind, so that counting stays cheap. */
const MAX_COUNTED = 4_000;

/** Stands for "far too much". */
const COUNTLESS = Number.POSITIVE_INFINITY;

/** Bytes waiting in engine.io's queue and in the WebSocket below it. */
export function unsentBytes(connection: Connection): number {
	// engine.io keeps both to itself; without them a slow watcher would fill our memory unseen.
	const { writeBuffer, transport } = connection as unknown as {
		writeBuffer: { data?: string | Uint8Array }[];
		transport: { socket?: { bufferedAmount?: number } };
	};
	if (writeBuffer.length > MAX_COUNTED) return COUNTLESS;
	let bytes = transport.socket?.bufferedAmount ?? 0;
	for (const packet of writeBuffer) bytes += packet.data?.length ?? 0;
	return bytes;
}
