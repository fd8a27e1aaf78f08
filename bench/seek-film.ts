// A recording of hours out of the workload, again and again, each time with the full snapshot it begins with: sealed into
// real objects, and served as the product serves them, opened and packed anew for each reader.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { EVENT, type RecordedEvent } from '#recorder/format/events.ts';
import { toDeltas } from '#recorder/format/number-deltas.ts';
import { sha256 } from '#server/recordings/batch-chain.ts';
import {
	openBlock,
	sealBlock,
	sealDictionary,
	type Dictionary,
	type Effort
} from '#server/recordings/sealed-object.ts';
import { makeFilm } from '#support/film-blocks.ts';
import { answerPacked } from '../src/lib/web/answer-packed.ts';
import type { FilmIndex } from '../recorder/playback/film-index.ts';

const START = 1_700_000_000_000;
const ID = '0190a000-0000-7000-8000-000000000000';
const ids = { agencyId: ID, impersonationId: ID, pageId: ID };
/** Between two runs of the workload. */
const PAUSE_MS = 250;

/** Without the page's own checkouts, which our recorder does not make. */
function readWorkload(): RecordedEvent[] {
	const file = new URL('data/workload-168s.json.gz', import.meta.url);
	const { ev } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
		ev: (RecordedEvent & { __c?: 1 })[];
	};
	return ev.flatMap(({ __c, ...event }) => (__c === 1 ? [] : [event]));
}

function* repeated(workload: readonly RecordedEvent[], lengthMs: number): Generator<RecordedEvent> {
	const first = workload[0]?.timestamp ?? 0;
	const span = (workload.at(-1)?.timestamp ?? first) - first + PAUSE_MS;
	for (let from = 0; from < lengthMs; from += span)
		for (const event of workload) {
			const at = event.timestamp - first + from;
			if (at > lengthMs) return;
			yield { ...event, timestamp: START + at };
		}
}

export type Recording = {
	index: FilmIndex;
	/** Of all sealed objects, the dictionary among them. */
	storedBytes: number;
	/** The payload of a block, opened. */
	read(blockId: string): Promise<Uint8Array>;
};

function dictionaryOf(workload: readonly RecordedEvent[]): Dictionary {
	const snapshot = workload.find(({ type }) => type === EVENT.fullSnapshot);
	const bytes = toDeltas(Buffer.from(JSON.stringify(snapshot)));
	return { bytes, hash: sha256(bytes) };
}

/** Minutes of work for hours of recording: each block is packed and encrypted as the sealer does it. */
export function record({
	hours,
	spanMs,
	effort = 'recent'
}: {
	hours: number;
	spanMs: number;
	effort?: Effort;
}): Recording {
	const workload = readWorkload();
	const how = { key: randomBytes(32), dictionary: dictionaryOf(workload), effort };
	const zeros = new Uint8Array(32);
	const objects = new Map<string, Buffer>();
	const lengthMs = hours * 3_600_000;
	const { index } = makeFilm(
		{ page: repeated(workload, lengthMs) },
		{ startAt: START, endAt: START + lengthMs, spanMs },
		({ id, activity: _activity, ...facts }, payload) => {
			const counted = { batches: facts.lastSeq - facts.firstSeq + 1, events: 0 };
			const header = { ...ids, ...facts, ...counted, policy: 1, previousHash: zeros, batchHash: zeros };
			objects.set(id, sealBlock(header, payload, how));
		}
	);
	const read = async (id: string): Promise<Uint8Array> => {
		const object = objects.get(id);
		if (!object) throw new Error(`there is no block ${id}`);
		return (await openBlock(object, how)).payload;
	};
	let storedBytes = sealDictionary(ids, how.dictionary, how.key).byteLength;
	for (const { byteLength } of objects.values()) storedBytes += byteLength;
	return { index, storedBytes, read };
}

/** All events of so many hours as gzipped JSON: what a player without blocks is given. */
export function wholeOf(hours: number): Buffer {
	const events = [...repeated(readWorkload(), hours * 3_600_000)];
	return gzipSync(`[${events.map((event) => JSON.stringify(event)).join(',\n')}]`);
}

export type Served = { origin: string; close(): void };
type Pages = Record<string, { type: string; body: string | Buffer; packed?: boolean }>;

async function answerBlock(recording: Recording, id: string, encoding: string, response: ServerResponse) {
	const request = new Request('http://bench.test/', { headers: { 'accept-encoding': encoding } });
	const answer = await answerPacked(request, await recording.read(id));
	response.writeHead(answer.status, Object.fromEntries(answer.headers));
	response.end(Buffer.from(await answer.arrayBuffer()));
}

/** Serves pages, and the blocks of recordings under `/NAME/ID`. */
export async function serve(pages: Pages, recordings: Record<string, Recording>): Promise<Served> {
	const http = createServer((request, response) => {
		const [, name = '', id = ''] = (request.url ?? '').split('/');
		const page = pages[`/${name}`];
		const recording = recordings[name];
		if (id && recording)
			return void answerBlock(recording, id, request.headers['accept-encoding'] ?? '', response);
		if (!page) return void response.writeHead(404).end();
		response.writeHead(200, {
			'content-type': page.type,
			...(page.packed && { 'content-encoding': 'gzip' })
		});
		response.end(page.body);
	});
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
	const { port } = http.address() as AddressInfo;
	return { origin: `http://127.0.0.1:${port}`, close: () => void http.close() };
}
