// How the sockets of several hubs hear each other: socket.io's own adapter over a stream in Redis. Recorded batches never go
// this way; watchers elsewhere follow the page in the live log.
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';

const STREAM = 'switchback:sockets';

/** Enough for minutes of news; a hub that was away for longer sweeps the rows anyway. */
const MAX_ENTRIES = 10_000;

const MAX_RETRY_MS = 2_000;

export type SocketFanOut = { adapter: ReturnType<typeof createAdapter>; close(): void };

/** @param onError told of lost connections, which are mended without the caller */
export async function openSocketFanOut(url: string, onError: (error: Error) => void): Promise<SocketFanOut> {
	const client = createClient({
		url,
		socket: { reconnectStrategy: (retries) => Math.min(250 * (retries + 1), MAX_RETRY_MS) }
	});
	client.on('error', onError);
	await client.connect();
	const adapter = createAdapter(client, { streamName: STREAM, maxLen: MAX_ENTRIES });
	return { adapter, close: () => client.isOpen && client.destroy() };
}
