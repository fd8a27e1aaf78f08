// Server time of every list, as a use case called without HTTP, with 5 000 clients, a million tasks and three million actions;
// against the same lists at a tenth of that. A list may not grow with the agency.
import { rounded, type Figure } from './figure.ts';
import { FULL, TENTH } from './large/large-scale.ts';
import { LIST_CALLS } from './large/list-calls.ts';
import { measureAt, printLists, type ListTimes } from './large/measure-calls.ts';
import { seedLarge } from './large/seed-large.ts';

/** Of the slowest at full size: whatever takes longer than the others decides what a person waits. */
function slowest(lists: readonly (readonly [string, number])[], tenth: ListTimes): Figure {
	const [name, ours] = lists[0] ?? ['', Number.NaN];
	const baseline = tenth[name] ?? Number.NaN;
	return {
		figure: 'list-p95',
		unit: 'ms',
		ours: rounded(ours),
		baseline: rounded(baseline),
		baselineName: `the same list (the slowest of ${lists.length}: ${name}) at a tenth of the data`,
		ratio: rounded(ours / baseline)
	};
}

/** Below this at full size, noise grows more than any list. */
const GROWS_FROM_MS = 10;

/** The list that grows most with the agency. @returns null where all are too fast to tell */
function fastestGrowing(lists: readonly (readonly [string, number])[], tenth: ListTimes): Figure | null {
	const growth = lists
		.filter(([, ours]) => ours > GROWS_FROM_MS)
		.map(([name, ours]) => ({ name, ours, baseline: tenth[name] ?? Number.NaN }))
		.toSorted((a, b) => b.ours / b.baseline - a.ours / a.baseline);
	const [worst] = growth;
	return (
		(worst && {
			figure: 'list-growth',
			unit: 'ms',
			ours: rounded(worst.ours),
			baseline: rounded(worst.baseline),
			baselineName: `the same list (grew most of ${growth.length} slower than ${GROWS_FROM_MS} ms: ${worst.name}) at a tenth of the data`,
			ratio: rounded(worst.ours / worst.baseline)
		}) ??
		null
	);
}

/** What is told of all lists, by their times at full size and at a tenth. */
export function figuresOf(full: ListTimes, tenth: ListTimes): Figure[] {
	const lists = Object.entries(full).toSorted(([, a], [, b]) => b - a);
	const growth = fastestGrowing(lists, tenth);
	return [slowest(lists, tenth), ...(growth ? [growth] : [])];
}

/** Seeds two databases of its own, one after the other. */
export async function run(): Promise<Figure[]> {
	const tenth = await measureAt(LIST_CALLS, (owner, agencyId) => seedLarge(owner, agencyId, TENTH));
	const full = await measureAt(LIST_CALLS, (owner, agencyId) => seedLarge(owner, agencyId, FULL));
	printLists(full, tenth);
	return figuresOf(full, tenth);
}
