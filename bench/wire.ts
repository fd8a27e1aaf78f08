// What a recorded page sends over the wire at immediate flush, counted where the hub's process reads it. Against each batch
// gzipped by itself over a bare socket, as most recorders do.
import { gzipSync } from 'node:zlib';
import { rounded, type Figure } from './figure.ts';
import { makeIds, startRelay } from './relay-clients.ts';
import { readWorkload, type Batch } from './workload.ts';

/** KB that came for each minute of the session. */
async function measure(kind: 'ours' | 'bare', batches: readonly Batch[]): Promise<number> {
	const ids = makeIds(1);
	const relay = await startRelay(kind, ids, { deflates: kind === 'ours' });
	try {
		const page = await relay.page(ids[0] ?? '');
		const before = await relay.stats();
		for (const [seq, { bytes }] of batches.entries())
			await page.send(seq, kind === 'ours' ? bytes : gzipSync(bytes));
		const after = await relay.stats();
		const minutes = (batches.at(-1)?.atMs ?? Number.NaN) / 60_000;
		return (after.receivedBytes - before.receivedBytes) / 1_000 / minutes;
	} finally {
		relay.stop();
	}
}

export async function run(): Promise<Figure[]> {
	const batches = readWorkload();
	const baseline = await measure('bare', batches);
	const ours = await measure('ours', batches);
	return [
		{
			figure: 'wire',
			unit: 'KB/min',
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName: 'the same batches, each gzipped by itself',
			ratio: rounded(ours / baseline)
		}
	];
}
