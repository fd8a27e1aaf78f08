// The part of a found text that is shown: its best lines, cut around what was searched for. As stretches of text, never as HTML:
// what was on a screen is hostile for ever.
import { findTerms, type Stretch, type Term } from './search-words.ts';

export type SnippetPart = { text: string; isHit: boolean };
/** `line`: which of the lines it was cut from. */
export type Snippet = { line: number; parts: SnippetPart[] };

/** Letters before the first hit, and of the whole. */
const BEFORE = 60;
const LENGTH = 220;
/** Lines of one text that are shown: words may stand in different ones. */
const MAX_LINES = 2;

/** A place to cut at, not within a word where there is a gap nearby. */
function cutBefore(text: string, at: number): number {
	if (at <= 0) return 0;
	const gap = text.indexOf(' ', at);
	return gap >= 0 && gap - at < 20 ? gap + 1 : at;
}

function around(text: string, hits: readonly Stretch[]): SnippetPart[] {
	const start = cutBefore(text, (hits[0]?.from ?? 0) - BEFORE);
	const end = Math.min(text.length, start + LENGTH);
	const parts: SnippetPart[] = [];
	let at = start;
	const say = (to: number, isHit: boolean) => {
		if (to > at) parts.push({ text: text.slice(at, to), isHit });
		at = Math.max(at, to);
	};
	for (const { from, to } of hits) {
		if (from >= end) break;
		say(from, false);
		say(Math.min(to, end), true);
	}
	say(end, false);
	if (start > 0) parts.unshift({ text: '… ', isHit: false });
	if (end < text.length) parts.push({ text: ' …', isHit: false });
	return parts;
}

/** The lines in which most of the terms stand, in their own order; the first line where none does. */
export function snippetsOf(lines: readonly string[], terms: readonly Term[]): Snippet[] {
	const found: (ReturnType<typeof findTerms> & { text: string; line: number })[] = [];
	for (const [line, text] of lines.entries()) {
		const looked = { text, line, ...findTerms(text, terms) };
		found.push(looked);
		// It will be the one that is shown: a long text is not read to its end for nothing.
		if (looked.terms === terms.length) break;
	}
	const best = found
		.filter(({ hits }) => hits.length > 0)
		.toSorted((a, b) => b.terms - a.terms || a.line - b.line)
		.slice(0, MAX_LINES);
	// All of them in one line need no other one.
	const shown = best[0] && best[0].terms === terms.length ? best.slice(0, 1) : best;
	const chosen = shown.length > 0 ? shown : found.slice(0, 1);
	return chosen
		.toSorted((a, b) => a.line - b.line)
		.map(({ text, line, hits }) => ({ line, parts: around(text, hits) }));
}
