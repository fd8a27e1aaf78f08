// The hub's share of the live lag: a batch sent by a page → received by a watcher, pages and watchers in this process (so one clock measures both ends),
// the relay in another. Our hub against a bare socket.io relay of the same batches at real speed.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { io, type Socket } from 'socket.io-client';
import { MAX_PART_BYTES, PROTOCOL_VERSION } from '#protocol/limits.ts';
import { encodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import { percentile, rounded, type Figure } from './figure.ts';
import { AGENCY, PORTAL } from './relay-servers.ts';

const RECORDINGS = 10;
const SECONDS = 20;
/** A watched page flushes each turn; 20 ms groups what one turn makes (recording.md §4.9). */
const BATCH_MS = 20;

type Batch = { atMs: number; bytes: Uint8Array };
type Link = { send(seq: number, bytes: Uint8Array): void };
type Relay = {
	page(id: string): Promise<Link>;
	watcher(id: string, received: (seq: number) => void): Promise<void>;
};

/** The first seconds of the recorded workload as batches; checkouts in the page are not ours. */
function readWorkload(): Batch[] {
	const file = fileURLToPath(new URL('data/workload-168s.json.gz', import.meta.url));
	const { ev } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
		ev: (RecordedEvent & { __c?: 1 })[];
	};
	const events = ev.filter((event) => !event.__c);
	const start = events[0]?.timestamp ?? 0;
	const groups = new Map<number, RecordedEvent[]>();
	for (const event of events) {
		const atMs = Math.floor((event.timestamp - start) / BATCH_MS) * BATCH_MS;
		if (atMs >= SECONDS * 1_000) continue;
		groups.set(atMs, [...(groups.get(atMs) ?? []), event]);
	}
	return [...groups].map(([atMs, group]) => ({ atMs, bytes: encodeBatch(group) }));
}

const sockets: Socket[] = [];

async function connect(url: string, auth: object, headers: Record<string, string>): Promise<Socket> {
	const socket = io(url, {
		path: '/hub',
		transports: ['websocket'],
		multiplex: false,
		auth,
		extraHeaders: headers
	});
	sockets.push(socket);
	await new Promise<void>((resolve, reject) => {
		socket.once('connect', resolve);
		socket.once('connect_error', reject);
	});
	return socket;
}

const oursAt = (port: number): Relay => ({
	page: async (id) => {
		const headers = { origin: PORTAL, host: new URL(PORTAL).host };
		const socket = await connect(
			`http://127.0.0.1:${port}/record`,
			{ version: PROTOCOL_VERSION, ticket: id },
			headers
		);
		socket.on('beat:ask', (answer: (beat: object) => void) => answer({ wall: Date.now() }));
		return {
			send: (seq, bytes) => {
				const parts = Math.max(1, Math.ceil(bytes.length / MAX_PART_BYTES));
				for (let part = 0; part < parts; part++)
					socket.emit(
						'record:append',
						{ seq, part, parts },
						bytes.subarray(part * MAX_PART_BYTES, (part + 1) * MAX_PART_BYTES),
						(reply: { ok: boolean }) => {
							if (!reply.ok) throw new Error(`The hub refused a batch: ${JSON.stringify(reply)}`);
						}
					);
			}
		};
	},
	watcher: async (id, received) => {
		const headers = { origin: AGENCY, host: new URL(AGENCY).host, cookie: randomUUID() };
		const socket = await connect(`http://127.0.0.1:${port}/watch`, { version: PROTOCOL_VERSION }, headers);
		socket.on('page:batch', ({ seq }: { seq: number }) => received(seq));
		const target = { impersonationId: id, pageId: id };
		for (const event of ['session:watch', 'page:follow']) {
			const reply = (await socket.emitWithAck(event, target)) as { ok: boolean };
			if (!reply.ok) throw new Error(`${event} was refused: ${JSON.stringify(reply)}`);
		}
	}
});

const bareAt = (port: number): Relay => ({
	page: async (id) => {
		const socket = await connect(`http://127.0.0.1:${port}`, {}, {});
		return { send: (seq, bytes) => socket.emit('append', id, seq, bytes, () => undefined) };
	},
	watcher: async (id, received) => {
		const socket = await connect(`http://127.0.0.1:${port}`, {}, {});
		socket.on('batch', (_id: string, seq: number) => received(seq));
		await socket.emitWithAck('follow', id);
	}
});

/** Lags of all batches through one relay, in ms. */
async function measure(kind: 'ours' | 'bare', batches: readonly Batch[]): Promise<number[]> {
	const ids = Array.from({ length: RECORDINGS }, () => randomUUID());
	const child = fork(fileURLToPath(new URL('relay-servers.ts', import.meta.url)), [kind, ...ids]);
	const port = await new Promise<number>((resolve, reject) => {
		child.once('message', (message) => resolve(Number(message)));
		child.once('exit', (code) => reject(new Error(`The relay ended with code ${code}`)));
	});
	try {
		const relay = kind === 'ours' ? oursAt(port) : bareAt(port);
		const lags: number[] = [];
		await Promise.all(
			ids.map((id, n) => drive(relay, { id, delayMs: (n * 1_000) / RECORDINGS, batches, lags }))
		);
		await sleep(1_000);
		// A relay that lost batches would look fast: then there is no figure.
		const sent = RECORDINGS * batches.length;
		if (lags.length !== sent) throw new Error(`${kind}: ${lags.length} of ${sent} batches arrived`);
		return lags;
	} finally {
		for (const socket of sockets.splice(0)) socket.disconnect();
		child.disconnect();
	}
}

type Drive = { id: string; delayMs: number; batches: readonly Batch[]; lags: number[] };

async function drive(relay: Relay, { id, delayMs, batches, lags }: Drive): Promise<void> {
	const sentAt: number[] = [];
	const page = await relay.page(id);
	await relay.watcher(id, (seq) => lags.push(performance.now() - (sentAt[seq] ?? Number.NaN)));
	const start = performance.now() + delayMs;
	for (const [seq, { atMs, bytes }] of batches.entries()) {
		const wait = start + atMs - performance.now();
		if (wait > 0) await sleep(wait);
		sentAt[seq] = performance.now();
		page.send(seq, bytes);
	}
}

/** Measures both in one run: 10 recordings with one watcher each, 20 s of the workload at real speed. */
export async function run(): Promise<Figure[]> {
	const batches = readWorkload();
	const baselineLags = await measure('bare', batches);
	const ourLags = await measure('ours', batches);
	return (['relay-lag-p50', 'relay-lag-p95'] as const).map((figure) => {
		const share = figure === 'relay-lag-p50' ? 50 : 95;
		const [ours, baseline] = [percentile(ourLags, share), percentile(baselineLags, share)];
		return {
			figure,
			unit: 'ms',
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName: `bare socket.io relay, same batches, ${RECORDINGS} recordings × 1 watcher`,
			ratio: rounded(ours / baseline)
		};
	});
}
