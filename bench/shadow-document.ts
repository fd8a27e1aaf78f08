// What following a page on the server costs: CPU for each event of the workload, against parsing the same events, which
// whoever looks at a recording has to do anyway.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { percentile, rounded, type Figure } from './figure.ts';
import type { RecordedEvent } from '#recorder/format/events.ts';
import { makeSafe } from '#recorder/format/make-safe.ts';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';

const ROUNDS = 9;

/** CPU time of the process in microseconds; wall time would measure whoever else is busy. */
function cpuOf(work: () => void): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return user + system;
}

const median = (values: number[]): number => percentile(values, 50);

/** Applies the workload to fresh documents and compares the median round with parsing it. */
export function run(): Promise<Figure[]> {
	const file = new URL('data/workload-168s.json.gz', import.meta.url);
	const { ev } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
		ev: (RecordedEvent & { __c?: 1 })[];
	};
	// The page's own checkouts are what a shadow document makes needless.
	const texts = ev.filter(({ __c }) => __c !== 1).map((event) => JSON.stringify(event));
	const applied: number[] = [];
	const parsed: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		let events: RecordedEvent[] = [];
		parsed.push(cpuOf(() => (events = texts.map((text) => JSON.parse(text)))));
		const safe = makeSafe(events, { allowedAssets: () => null });
		const document = new ShadowDocument({ maxNodes: 200_000, maxBytes: 64_000_000 });
		applied.push(cpuOf(() => safe.forEach((event) => document.apply(event))));
	}
	const ours = median(applied) / texts.length;
	const baseline = median(parsed) / texts.length;
	return Promise.resolve([
		{
			figure: 'shadow-event',
			unit: 'µs',
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName: 'JSON.parse of the same events',
			ratio: rounded(ours / baseline)
		}
	]);
}
