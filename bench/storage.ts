// What a minute of the workload takes on disk: ten minutes of it, sealed as the sealer does it (blocks of 10 s) and as the
// compaction leaves them (60 s), the dictionary included. Against the same events as gzipped JSON with a checkout each 10 s,
// which is what a recorder without blocks would keep to seek as quickly.
import { gzipSync } from 'node:zlib';
import { rounded, type Figure } from './figure.ts';
import { record, type Recording } from './seek-film.ts';

const MINUTES = 10;
const hours = MINUTES / 60;
const perMinute = (bytes: number): number => rounded(bytes / 1_000 / MINUTES);

async function gzippedBytes({ index, read }: Recording): Promise<number> {
	let bytes = 0;
	for (const { blocks } of index.pages)
		for (const { id } of blocks) bytes += gzipSync(await read(id)).byteLength;
	return bytes;
}

export async function run(): Promise<Figure[]> {
	const recent = record({ hours, spanMs: 10_000 });
	const baseline = perMinute(await gzippedBytes(recent));
	const figure = (name: string, storedBytes: number): Figure => {
		const ours = perMinute(storedBytes);
		return {
			figure: name,
			unit: 'KB/min',
			ours,
			baseline,
			baselineName: 'the same events as gzipped JSON with a checkout each 10 s',
			ratio: rounded(ours / baseline)
		};
	};
	const kept = record({ hours, spanMs: 60_000, effort: 'kept' });
	return [figure('storage-10s', recent.storedBytes), figure('storage-60s', kept.storedBytes)];
}
