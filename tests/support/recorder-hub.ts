// A stand-in for the hub that only takes batches, for tests of the recorder in a real browser: serves pages and the
// recorder's bundle, keeps the very bytes it is sent, and can be told to lose connections, what it took, or to stay silent.
import { randomBytes } from 'node:crypto';
import {
	createServer,
	type IncomingMessage,
	type Server as HttpServer,
	type ServerResponse
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Namespace, type Socket } from 'socket.io';
import type { PageClockReading } from '#protocol/record.ts';
import { decodeBatch, type RecordedEvent } from '#recorder/format/events.ts';

export type RecorderHub = Awaited<ReturnType<typeof startRecorderHub>>;

type Header = { seq: number; part: number; parts: number; clock?: PageClockReading };

type Taken = {
	parts: Map<number, Uint8Array[]>;
	batches: Uint8Array[];
	clocks: PageClockReading[];
	duplicates: number;
	safe: number;
};

/** How often a page is asked for a sign of life: sooner than by the real hub, so that no test waits for it. */
const ASK_MS = 250;

const emptyState = () => ({
	mode: 'act',
	expiresAt: Date.now() + 600_000,
	idleAt: Date.now() + 600_000,
	hubNow: Date.now(),
	frozen: null,
	watchers: []
});

/** Starts on a free port. `pages` maps a path to its HTML, `scripts` a path to JavaScript. */
export async function startRecorderHub(files: {
	pages: Record<string, string>;
	scripts: Record<string, string>;
	/** Answers what it knows and says so. */
	answer?(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}) {
	const http: HttpServer = createServer((request, response) => {
		const path = new URL(request.url ?? '/', 'http://x').pathname;
		const script = files.scripts[path];
		const body = script ?? files.pages[path];
		requests.push(request.url ?? '');
		if (files.answer?.(path, request, response)) return;
		response.writeHead(body === undefined ? 404 : 200, {
			'content-type': script === undefined ? 'text/html; charset=utf-8' : 'text/javascript'
		});
		response.end(body ?? '');
	});
	const requests: string[] = [];
	const taken = new Map<string, Taken>();
	const wheres: { address: string; title: string }[] = [];
	const answers = { isMute: false, storeKey: randomBytes(32).toString('base64') };
	const takenOf = (ticket: string): Taken => {
		const page = taken.get(ticket) ?? { parts: new Map(), batches: [], clocks: [], duplicates: 0, safe: -1 };
		taken.set(ticket, page);
		return page;
	};
	const ticketOf = ({ handshake }: Socket): string => String((handshake.auth as { ticket?: unknown }).ticket);
	const io = new Server(http, { path: '/hub', transports: ['websocket'], maxHttpBufferSize: 1e6 });
	const record: Namespace = io.of('/record');
	record.on('connection', (socket) => {
		const page = takenOf(ticketOf(socket));
		socket.emit('record:ready', {
			got: page.batches.length - 1,
			safe: page.safe,
			storeKey: answers.storeKey,
			watched: false,
			state: emptyState()
		});
		const asking = setInterval(() => socket.emit('beat:ask', () => undefined), ASK_MS);
		socket.on('disconnect', () => clearInterval(asking));
		socket.on('record:where', (where: { address: string; title: string }) => wheres.push(where));
		socket.on('record:append', (header: Header, bytes: Uint8Array, ack: (reply: object) => void) => {
			if (!answers.isMute) ack(append(page, header, bytes));
		});
	});
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
	return {
		origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
		requests,
		wheres,
		answers,
		sockets: record.sockets,
		batchesOf: (ticket: string): Uint8Array[] => taken.get(ticket)?.batches ?? [],
		duplicatesOf: (ticket: string): number => taken.get(ticket)?.duplicates ?? 0,
		eventsOf: (ticket: string): RecordedEvent[] => (taken.get(ticket)?.batches ?? []).flatMap(decodeBatch),
		text: (): string =>
			[...taken.values()]
				.flatMap((page) => page.batches.map((bytes) => Buffer.from(bytes).toString('utf8')))
				.join('\n') + JSON.stringify(wheres),
		clocksOf: (ticket: string): PageClockReading[] => taken.get(ticket)?.clocks ?? [],
		/** Seals all it has of every page, and says so. */
		seal: (): void => {
			for (const page of taken.values()) page.safe = page.batches.length - 1;
			for (const socket of record.sockets.values())
				socket.emit('record:safe', { safe: takenOf(ticketOf(socket)).safe });
		},
		/** Loses the last batches it acknowledged, as a crash before the disk had them, and every connection. */
		forget: (ticket: string, count: number): void => {
			takenOf(ticket).batches.splice(-count);
			for (const socket of record.sockets.values()) socket.conn.close();
		},
		/** Cuts every connection without a word, as a lost network does. */
		cut: (): void => {
			for (const socket of record.sockets.values()) socket.conn.close();
		},
		close: async (): Promise<void> => {
			await io.close();
			http.close();
		}
	};
}

function append(page: Taken, { seq, part, parts, clock }: Header, bytes: Uint8Array): object {
	if (seq < page.batches.length) {
		if (part === 0) page.duplicates++;
		return { ok: true, got: page.batches.length - 1 };
	}
	if (seq > page.batches.length) return { ok: false, refusal: 'try_later', got: page.batches.length - 1 };
	const pieces = page.parts.get(seq) ?? [];
	page.parts.set(seq, pieces);
	pieces[part] = new Uint8Array(bytes);
	if (Object.keys(pieces).length === parts) {
		page.batches.push(Buffer.concat(pieces));
		page.parts.delete(seq);
		if (clock) page.clocks.push(clock);
	}
	return { ok: true, got: page.batches.length - 1 };
}

/** Waits until the condition holds; throws with `what` after the time is up. */
export async function until(
	what: string,
	isTrue: () => boolean | Promise<boolean>,
	ms = 10_000
): Promise<void> {
	const end = Date.now() + ms;
	while (!(await isTrue())) {
		if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}
