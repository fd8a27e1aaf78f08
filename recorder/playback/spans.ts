// Stretches of time, in order.
import type { Span } from './film-index.ts';

/** How many of these, rising by `from`, begin at or before `at`. */
export function countUpTo(rising: readonly { from: number }[], at: number): number {
	let low = 0;
	let high = rising.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((rising[middle]?.from ?? Infinity) <= at) low = middle + 1;
		else high = middle;
	}
	return low;
}

export const lastUpTo = <T extends { from: number }>(rising: readonly T[], at: number): T | undefined =>
	rising[countUpTo(rising, at) - 1];

/** The same time as stretches that do not overlap, rising. */
export function union(spans: readonly Span[]): Span[] {
	const joined: Span[] = [];
	for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
		const last = joined.at(-1);
		if (last && from <= last.to) last.to = Math.max(last.to, to);
		else joined.push({ from, to });
	}
	return joined;
}
