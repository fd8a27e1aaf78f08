// Server time of the review queue with a million recordings, two in five of them to be reviewed and half of these still waiting;
// against the same at a tenth. Every filter and order of it, and of the list of recordings beside it.
import { rounded, type Figure } from './figure.ts';
import { FULL, TENTH, type Scale } from './large/large-scale.ts';
import { measureAt, printLists, type ListTimes } from './large/measure-calls.ts';
import { QUEUE_CALLS, RECORDING_CALLS } from './large/review-calls.ts';
import { seedWith } from './large/seed-large.ts';
import { RECORDED_PER_CLIENT, recordingFills } from './large/seed-recordings.ts';

const measure = (scale: Scale): Promise<ListTimes> =>
	measureAt({ ...QUEUE_CALLS, ...RECORDING_CALLS }, (owner, agencyId) =>
		seedWith(owner, agencyId, { scale, fills: recordingFills, each: RECORDED_PER_CLIENT })
	);

/** The slowest of some at full size: what a person waits is decided by whatever takes longest. */
function slowest(
	figure: string,
	calls: Readonly<Record<string, unknown>>,
	[full, tenth]: [ListTimes, ListTimes]
): Figure {
	const names = Object.keys(calls).toSorted((a, b) => (full[b] ?? 0) - (full[a] ?? 0));
	const [name = ''] = names;
	const [ours, baseline] = [full[name] ?? Number.NaN, tenth[name] ?? Number.NaN];
	return {
		figure,
		unit: 'ms',
		ours: rounded(ours),
		baseline: rounded(baseline),
		baselineName: `the same (the slowest of ${names.length}: ${name}) with a tenth of the recordings`,
		ratio: rounded(ours / baseline)
	};
}

export async function run(): Promise<Figure[]> {
	const tenth = await measure(TENTH);
	const full = await measure(FULL);
	printLists(full, tenth);
	return [
		slowest('review-queue-p95', QUEUE_CALLS, [full, tenth]),
		slowest('recordings-p95', RECORDING_CALLS, [full, tenth])
	];
}
