import { entryText } from '#domain/timeline.ts';
import type { ListEntry } from './review-desk.svelte.ts';

/** What happened and what was written about it, oldest first; at the same moment, what happened comes first. */
export const inOneList = (entries: readonly ListEntry[], notes: readonly ListEntry[]): ListEntry[] =>
	[...entries.filter(({ kind }) => kind !== 'page'), ...notes].toSorted((a, b) => a.at - b.at);

const textOf = (entry: ListEntry): string => {
	const answers = 'comment' in entry ? (entry.comment?.answers ?? []) : [];
	const said = answers.map(({ by, body }) => `${by} ${body}`);
	return [entryText(entry), entry.note, entry.by, ...said].filter(Boolean).join(' ').toLowerCase();
};

/** Entries of these kinds (none: all) with every word somewhere in them. */
export function matching(
	entries: readonly ListEntry[],
	kinds: readonly ListEntry['kind'][],
	query: string
): ListEntry[] {
	const words = query.toLowerCase().split(/\s+/).filter(Boolean);
	return entries.filter(
		(entry) =>
			(kinds.length === 0 || kinds.includes(entry.kind)) &&
			words.every((word) => textOf(entry).includes(word))
	);
}

/** The entry that is lit: of what is shown, the last that had happened by now. */
export const litAt = (shown: readonly ListEntry[], at: number): string | null =>
	shown.findLast((entry) => entry.at <= at)?.id ?? null;
