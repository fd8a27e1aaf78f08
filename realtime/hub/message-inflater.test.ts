import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { seeded } from '#support/seeded.ts';
import { inflateMessages, type Deflating } from './message-inflater.ts';

type Emitter = { once(event: string, heard: (value: never) => void): unknown; on: Emitter['once'] };
type Near = NodeJS.EventEmitter & {
	send(message: Buffer | string, how?: { fin: boolean }): void;
	terminate(): void;
	_socket: { write(bytes: Buffer): void };
};
type Far = Emitter & { _extensions: Record<string, Deflating> };
type Listening = NodeJS.EventEmitter & Emitter & { address(): AddressInfo; close(): void };

/** The copy that the engine uses. */
const { WebSocket, WebSocketServer } = createRequire(import.meta.resolve('engine.io'))('ws') as {
	WebSocket: new (address: string, options: object) => Near;
	WebSocketServer: new (options: object) => Listening;
};

const MAX = 400_000;
/** On a machine that does much else. */
const SOON = 10_000;
const words = 'task client invoice message settings report list row cell open done '.split(' ');

/** Messages of all sizes that say the same again and again, and some that nothing can be said shorter of. */
function messages(seed: number): Buffer[] {
	const random = seeded(seed);
	return Array.from({ length: 80 }, (_, n) => {
		const length = n % 9 === 0 ? 90_000 : Math.floor(random() * 4_000);
		if (n % 7 === 0) return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
		let text = '';
		while (text.length < length) text += `{"${words[Math.floor(random() * words.length)]}":${n}}`;
		return Buffer.from(text);
	});
}

let server: Listening;
let clients: Near[];
beforeEach(async () => {
	clients = [];
	server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: MAX, perMessageDeflate: true });
	await once(server, 'listening');
});
afterEach(() => {
	for (const client of clients) client.terminate();
	server.close();
});

/** Both ends of a connection whose messages are inflated here, what came, and how many took the library's way. */
async function connect() {
	const heard: Buffer[] = [];
	const joined = new Promise<{ isClosed: Promise<void>; elsewhere: () => number }>((resolve) => {
		server.once('connection', (far: Far) => {
			const elsewhere = vi.spyOn(far._extensions['permessage-deflate']!, 'decompress');
			inflateMessages({ transport: { socket: far } } as never, MAX);
			far.on('message', (message: Buffer) => heard.push(message));
			far.on('error', () => undefined);
			const isClosed = new Promise<void>((closed) => far.on('close', () => closed()));
			resolve({ isClosed, elsewhere: () => elsewhere.mock.calls.length });
		});
	});
	const { port } = server.address();
	const near = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: { threshold: 0 } });
	clients.push(near);
	await once(near, 'open');
	return { near, heard, ...(await joined) };
}

it.each([1, 2, 3])(
	'come out as they went in, each with those before it as its dictionary (seed %i)',
	async (seed) => {
		const { near, heard, elsewhere } = await connect();
		const all = messages(seed);
		for (const message of all) near.send(message);
		await vi.waitFor(() => expect(heard).toHaveLength(all.length), SOON);
		expect(Buffer.concat(heard).equals(Buffer.concat(all))).toBe(true);
		// The first, and the large ones that hardly deflate.
		expect(elsewhere()).toBeLessThan(10);
	}
);

it('come out whole from pieces, small and large, between others', async () => {
	const { near, heard } = await connect();
	const all = messages(4);
	for (const [n, message] of all.entries()) {
		if (n % 2 === 0) near.send(message);
		else
			for (const [part, fin] of [
				[message.subarray(0, 100), false],
				[message.subarray(100, 200), false],
				[message.subarray(200), true]
			] as const)
				near.send(part, { fin });
	}
	await vi.waitFor(() => expect(heard).toHaveLength(all.length), SOON);
	expect(Buffer.concat(heard).equals(Buffer.concat(all))).toBe(true);
});

it('close the connection where one grows beyond the limit, or was never deflated', async () => {
	const bomb = await connect();
	bomb.near.send('small');
	bomb.near.send(Buffer.alloc(4 * MAX));
	await bomb.isClosed;
	expect(bomb.heard).toHaveLength(1);

	const liar = await connect();
	liar.near.send('small');
	await vi.waitFor(() => expect(liar.heard).toHaveLength(1), SOON);
	// A final text frame that says it is deflated, masked by zeros.
	liar.near._socket.write(Buffer.from([0xc1, 0x83, 0, 0, 0, 0, 0xff, 0xff, 0xff]));
	await liar.isClosed;
	expect(liar.heard).toHaveLength(1);
});
