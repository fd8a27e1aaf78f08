/** One line of the table; names and units are fixed by the contract. `ratio` is ours / baseline, from one run. */
export type Figure = {
	figure: string;
	unit: string;
	ours: number;
	baseline: number;
	baselineName: string;
	ratio: number;
};

/** The p-th percentile (0..100) by the nearest rank. */
export function percentile(values: readonly number[], p: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** Rounds to three significant digits, which is more than two shared cores can tell. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
