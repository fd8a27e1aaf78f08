// What a live page of 3 850 nodes costs in memory after the workload: in the hub, with its connection, and in the sealing process,
// which follows the page with a document of its own. Against a bare sink that holds nothing but the connection.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { makeSafe } from '#recorder/format/make-safe.ts';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { rounded, type Figure } from './figure.ts';
import { makeIds, startRelay, type Link } from './relay-clients.ts';
import { readEvents, readWorkload, type Batch } from './workload.ts';

const PAGES = 20;
/** What a process learns with its first pages is not theirs: code, caches, buffers. */
const WARM_UP = 2;
/** Under way at once: a page that floods is told to wait, and that is not what is measured. */
const UNDER_WAY = 40;
const MB = 1_000_000;

async function sendAll(page: Link, batches: readonly Batch[]): Promise<void> {
	for (let from = 0; from < batches.length; from += UNDER_WAY)
		await Promise.all(
			batches.slice(from, from + UNDER_WAY).map(({ bytes }, n) => page.send(from + n, bytes))
		);
}

/** MB for each page in the relay's process. */
async function measure(kind: 'ours' | 'sink', batches: readonly Batch[]): Promise<number> {
	const ids = makeIds(PAGES + WARM_UP);
	const relay = await startRelay(kind, ids, { deflates: true });
	try {
		const first = await Promise.all(ids.slice(PAGES).map((id) => relay.page(id)));
		await Promise.all(first.map((page) => sendAll(page, batches)));
		const idle = await relay.stats();
		const pages = await Promise.all(ids.slice(0, PAGES).map((id) => relay.page(id)));
		await Promise.all(pages.map((page) => sendAll(page, batches)));
		return ((await relay.stats()).heldBytes - idle.heldBytes) / PAGES / MB;
	} finally {
		relay.stop();
	}
}

/** MB of a document after the workload, with all that it keeps of the events. */
function documentMb(): number {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const text = JSON.stringify(makeSafe(readEvents(), { allowedAssets: () => null }));
	const follow = (): ShadowDocument => {
		const document = new ShadowDocument({ maxNodes: 200_000, maxBytes: 64_000_000 });
		for (const event of JSON.parse(text) as Parameters<ShadowDocument['apply']>[0][]) document.apply(event);
		return document;
	};
	const documents = [follow()];
	collect();
	const before = process.memoryUsage().heapUsed;
	for (let n = 0; n < PAGES; n++) documents.push(follow());
	collect();
	const held = process.memoryUsage().heapUsed - before;
	// Looked at after the collection, so that none of them was collected itself.
	if (documents.some(({ state }) => state !== 'whole'))
		throw new Error('A document lost track of the workload.');
	return held / PAGES / MB;
}

export async function run(): Promise<Figure[]> {
	const batches = readWorkload();
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
