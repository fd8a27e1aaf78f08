// What a relay's process says of itself when it is asked.
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';

export type RelayStats = {
	/** CPU time so far, ms. */
	cpuMs: number;
	/** What it holds after a collection: heap and buffers outside of it, bytes. */
	heldBytes: number;
	/** Bytes that came over all its connections so far. */
	receivedBytes: number;
};

/** Counts the connections of a server and answers its parent's questions. */
export function answerStats(http: HttpServer): void {
	const open = new Set<Socket>();
	let received = 0;
	http.on('connection', (socket) => {
		open.add(socket);
		socket.once('close', () => {
			open.delete(socket);
			received += socket.bytesRead;
		});
	});
	process.on('message', (message) => {
		if (message !== 'stats') return;
		const { user, system } = process.cpuUsage();
		// Twice: what the first one frees in callbacks is gone after the second.
		globalThis.gc?.();
		globalThis.gc?.();
		const { heapUsed, external } = process.memoryUsage();
		const receivedBytes = [...open].reduce((sum, socket) => sum + socket.bytesRead, received);
		process.send?.({ cpuMs: (user + system) / 1_000, heldBytes: heapUsed + external, receivedBytes });
	});
}
