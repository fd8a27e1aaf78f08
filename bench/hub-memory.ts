// What a live page of 3 850 nodes costs in memory after the workload: in the hub, with its connection, and in the sealing process,
// which follows the page with a document of its own. Against a bare sink that holds nothing but the connection.
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { makeSafe } from '#recorder/format/make-safe.ts';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { rounded, type Figure } from './figure.ts';
import { makeIds, startRelay, type Link } from './relay-clients.ts';
import { readEvents, readWorkload, type Batch } from './workload.ts';

/** What each page adds is the difference between many and few: what a process learns with its first ones is nobody's. */
const FEW = 20;
const MANY = 120;

/** Enough of it: what the hub holds of a page hardly grows with it. The document follows all of it. */
const SECONDS = 20;
const DOCUMENTS = 20;
/** Under way at once: a page that floods is told to wait, and that is not what is measured. */
const UNDER_WAY = 40;
const MB = 1_000_000;

async function sendAll(page: Link, batches: readonly Batch[]): Promise<void> {
	for (let from = 0; from < batches.length; from += UNDER_WAY)
		await Promise.all(
			batches.slice(from, from + UNDER_WAY).map(({ bytes }, n) => page.send(from + n, bytes))
		);
}

/** Until what is under way is gone: buffers of the last messages are nobody's page. */
const SETTLE_MS = 2_000;

/** Bytes of the relay's process once so many pages have sent the workload. */
async function heldBy(kind: 'ours' | 'sink', count: number, batches: readonly Batch[]): Promise<number> {
	const ids = makeIds(count);
	const relay = await startRelay(kind, ids, { deflates: true });
	try {
		const pages = await Promise.all(ids.map((id) => relay.page(id)));
		for (const page of pages) await sendAll(page, batches);
		await sleep(SETTLE_MS);
		return (await relay.stats()).heldBytes;
	} finally {
		relay.stop();
	}
}

/** MB for each page. */
async function measure(kind: 'ours' | 'sink', batches: readonly Batch[]): Promise<number> {
	const [few, many] = [await heldBy(kind, FEW, batches), await heldBy(kind, MANY, batches)];
	return (many - few) / (MANY - FEW) / MB;
}

/** MB of a document after the workload, with all that it keeps of the events. */
function documentMb(): number {
	setFlagsFromString('--expose-gc');
	const gc = runInNewContext('gc') as () => void;
	const heldNow = (): number => {
		// What the first one frees in callbacks is gone after the second.
		gc();
		gc();
		return process.memoryUsage().heapUsed;
	};
	const text = JSON.stringify(makeSafe(readEvents(), { allowedAssets: () => null }));
	const follow = (): ShadowDocument => {
		const document = new ShadowDocument({ maxNodes: 200_000, maxBytes: 64_000_000 });
		for (const event of JSON.parse(text) as Parameters<ShadowDocument['apply']>[0][]) document.apply(event);
		return document;
	};
	const documents = [follow()];
	const before = heldNow();
	for (let n = 0; n < DOCUMENTS; n++) documents.push(follow());
	const held = heldNow() - before;
	// Looked at after the collection, so that none of them was collected itself.
	if (documents.some(({ state }) => state !== 'whole'))
		throw new Error('A document lost track of the workload.');
	return held / DOCUMENTS / MB;
}

export async function run(): Promise<Figure[]> {
	const batches = readWorkload(SECONDS);
	const baseline = await measure('sink', batches);
	const ours = (await measure('ours', batches)) + documentMb();
	return [
		{
			figure: 'hub-memory-page',
			unit: 'MB',
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName: 'bare socket.io sink with a deflating socket for each recording',
			ratio: rounded(ours / baseline)
		}
	];
}
