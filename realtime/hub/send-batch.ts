// Puts a batch on the sockets of those who are shown its page: written and framed once for all of them, since that and the
// system's calls are what delivery costs.
import type { Socket } from 'socket.io';
import type { BatchHeader } from '#protocol/watch.ts';
import type { StoredBatch } from '#server/ports/live-log.ts';
import type { HubContext } from './hub-context.ts';
import type { WatchConnection } from './watch-connections.ts';

/** Above this what text costs more (quotes to escape, in the hub's loop) outweighs the message it spares. */
const TEXT_UP_TO_BYTES = 64 * 1024;

const headerOf = ({ pageId, seq, offsetMs, receivedAt }: StoredBatch): BatchHeader => ({
	pageId,
	seq,
	offsetMs,
	receivedAt
});

const textOf = ({ bytes }: StoredBatch): string =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();

/** Sends a batch to connections that may be shown it. */
export function sendBatch(
	{ watchNamespace, metrics }: Pick<HubContext, 'watchNamespace' | 'metrics'>,
	batch: StoredBatch,
	to: readonly WatchConnection[]
): void {
	const header = headerOf(batch);
	const send = (connections: readonly WatchConnection[], content: Uint8Array | string): void => {
		const ids = connections.map(({ socket }) => socket.id);
		watchNamespace.local.to(ids).emit('page:batch', header, content);
	};
	const { true: asText = [], false: asBytes = [] } = Object.groupBy(to, ({ takesText }) =>
		takesText && batch.bytes.length <= TEXT_UP_TO_BYTES ? 'true' : 'false'
	);
	if (asText.length > 0) send(asText, textOf(batch));
	if (asBytes.length > 0) send(asBytes, batch.bytes);
	metrics.relayed.inc(to.length);
}

/**
 * A watcher's connection negotiates no compression (connection-gate.ts). engine.io goes by the server's settings instead,
 * and would frame each message anew for each of them.
 */
export function takeFramesAsTheyAre({ conn }: Pick<Socket, 'conn'>): void {
	if ('perMessageDeflate' in conn.transport) conn.transport.perMessageDeflate = false;
}
