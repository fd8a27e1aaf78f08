// Pages and watchers for the benches of the hub, and the relays they talk to, each of those in a process of its own so that its
// CPU and its memory are nobody else's.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { io, type Socket } from 'socket.io-client';
import { MAX_PART_BYTES, PROTOCOL_VERSION } from '#protocol/limits.ts';
import { AGENCY, PORTAL, type RelayKind } from './relay-servers.ts';
import type { RelayStats } from './relay-stats.ts';
import type { Batch } from './workload.ts';

export type Link = {
	/** Resolves with the acknowledgement. */
	send(seq: number, bytes: Uint8Array): Promise<void>;
};
export type Relay = {
	page(id: string): Promise<Link>;
	watcher(id: string, received: (seq: number) => void): Promise<void>;
	stats(): Promise<RelayStats>;
	stop(): void;
};

type Connecting = { auth?: object; headers?: Record<string, string> };

/** `deflates`: as browsers do, every message with what came before as its dictionary. */
export type RelayOptions = { deflates?: boolean };

const decoder = new TextDecoder();

class Sockets {
	readonly #all: Socket[] = [];
	readonly #port: number;
	readonly #deflates: boolean;

	constructor(port: number, { deflates = false }: RelayOptions) {
		this.#port = port;
		this.#deflates = deflates;
	}

	async connect(namespace: string, { auth = {}, headers = {} }: Connecting = {}): Promise<Socket> {
		const socket = io(`http://127.0.0.1:${this.#port}${namespace}`, {
			path: '/hub',
			transports: ['websocket'],
			multiplex: false,
			perMessageDeflate: this.#deflates ? { threshold: 0 } : { threshold: Number.POSITIVE_INFINITY },
			auth,
			extraHeaders: headers
		});
		this.#all.push(socket);
		await new Promise<void>((resolve, reject) => {
			socket.once('connect', resolve);
			socket.once('connect_error', reject);
		});
		return socket;
	}

	close(): void {
		for (const socket of this.#all.splice(0)) socket.disconnect();
	}
}

/** Our hub's two ends. */
const oursOver = (sockets: Sockets): Pick<Relay, 'page' | 'watcher'> => ({
	page: async (id) => {
		const headers = { origin: PORTAL, host: new URL(PORTAL).host };
		const auth = { version: PROTOCOL_VERSION, ticket: id };
		const socket = await sockets.connect('/record', { auth, headers });
		socket.on('beat:ask', (answer: (beat: object) => void) => answer({ wall: Date.now() }));
		return {
			send: async (seq, bytes) => {
				const parts = Math.max(1, Math.ceil(bytes.length / MAX_PART_BYTES));
				const replies = Array.from({ length: parts }, (_, part) => {
					const piece = bytes.subarray(part * MAX_PART_BYTES, (part + 1) * MAX_PART_BYTES);
					// As our recorder sends it [R22].
					const content = parts === 1 ? decoder.decode(piece) : piece;
					return socket.emitWithAck('record:append', { seq, part, parts }, content) as Promise<{
						ok: boolean;
					}>;
				});
				for (const reply of await Promise.all(replies))
					if (!reply.ok) throw new Error(`The hub refused a batch: ${JSON.stringify(reply)}`);
			}
		};
	},
	watcher: async (id, received) => {
		const headers = { origin: AGENCY, host: new URL(AGENCY).host, cookie: randomUUID() };
		const socket = await sockets.connect('/watch', { auth: { version: PROTOCOL_VERSION }, headers });
		socket.on('page:batch', ({ seq }: { seq: number }) => received(seq));
		const target = { impersonationId: id, pageId: id, text: true };
		for (const event of ['session:watch', 'page:follow']) {
			const reply = (await socket.emitWithAck(event, target)) as { ok: boolean };
			if (!reply.ok) throw new Error(`${event} was refused: ${JSON.stringify(reply)}`);
		}
	}
});

/** The two ends of a bare socket.io server. */
const bareOver = (sockets: Sockets): Pick<Relay, 'page' | 'watcher'> => ({
	page: async (id) => {
		const socket = await sockets.connect('');
		return { send: async (seq, bytes) => void (await socket.emitWithAck('append', id, seq, bytes)) };
	},
	watcher: async (id, received) => {
		const socket = await sockets.connect('');
		socket.on('batch', (_id: string, seq: number) => received(seq));
		await socket.emitWithAck('follow', id);
	}
});

/** Starts a relay that knows these impersonations, each with one page of the same id. */
export async function startRelay(
	kind: RelayKind,
	ids: readonly string[],
	options: RelayOptions = {}
): Promise<Relay> {
	const file = fileURLToPath(new URL('relay-servers.ts', import.meta.url));
	const child = fork(file, [kind, ...ids], { execArgv: ['--expose-gc'] });
	const answer = <T>() =>
		new Promise<T>((resolve, reject) => {
			child.once('message', (message) => resolve(message as T));
			child.once('exit', (code) => reject(new Error(`The relay ended with code ${code}`)));
		});
	const sockets = new Sockets(await answer<number>(), options);
	return {
		...(kind === 'ours' ? oursOver(sockets) : bareOver(sockets)),
		stats: () => {
			const stats = answer<RelayStats>();
			child.send('stats');
			return stats;
		},
		stop: () => {
			sockets.close();
			child.disconnect();
		}
	};
}

/** Sends the batches at their times, wherever the relay stands with the earlier ones. @returns when the last is acknowledged */
export async function playAtSpeed(
	page: Link,
	batches: readonly Batch[],
	{ delayMs = 0, onSend }: { delayMs?: number; onSend?(seq: number): void } = {}
): Promise<void> {
	const start = performance.now() + delayMs;
	const sent: Promise<void>[] = [];
	for (const [seq, { atMs, bytes }] of batches.entries()) {
		const wait = start + atMs - performance.now();
		if (wait > 0) await sleep(wait);
		onSend?.(seq);
		sent.push(page.send(seq, bytes));
	}
	await Promise.all(sent);
}

export const makeIds = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
