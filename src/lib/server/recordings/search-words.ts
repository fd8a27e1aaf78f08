// What somebody searches for: read from what they typed, as a query for the index, and found again in the lines it answers with.
import { wordsOf, type Word } from './words.ts';

/** Words that stand side by side; a single one may be the beginning of a longer word. */
export type Term = { words: string[]; isBeginning: boolean };

/** More words narrow nothing any more, and each costs a look into the index. */
const MAX_TERMS = 12;
/** Shorter beginnings would be those of half of all words. */
const MIN_BEGINNING = 3;

const QUOTES = /[“”„«»‟]/gu;
const TERM = /"([^"]*)"?|[^\s"]+/gu;
const LETTERS = /^[\p{L}\p{M}]+$/u;

/** "Invoice 1042" is two terms, the first of which "Invoices" has, too; what is quoted, or joined as in "INV-1042", is one. */
export function readTerms(typed: string): Term[] {
	const terms: Term[] = [];
	for (const [chunk, quoted] of typed.replace(QUOTES, '"').matchAll(TERM)) {
		const words = wordsOf(quoted ?? chunk).map(({ word }) => word);
		const [first] = words;
		if (first === undefined) continue;
		// Numbers are meant as they are: 104 is not 1042.
		const isBeginning =
			quoted === undefined && words.length === 1 && first.length >= MIN_BEGINNING && LETTERS.test(first);
		terms.push({ words, isBeginning });
	}
	return terms.slice(0, MAX_TERMS);
}

/** A term as a `tsquery` says it; with the weight of lines it is not found in titles. */
function said({ words, isBeginning }: Term, weight: '' | 'D'): string {
	const how = `${isBeginning ? '*' : ''}${weight}`;
	return `(${words.map((word) => `'${word}'${how === '' ? '' : `:${how}`}`).join(' <-> ')})`;
}

/**
 * The text of a `tsquery`: all of the terms, and at least one of them in a line, or each row of a page would be found by the
 * page's title. Attack: whatever was typed, only its words get in here, each within quotes it cannot end.
 */
export const queryOf = (terms: readonly Term[]): string =>
	`${terms.map((term) => said(term, '')).join(' & ')} & (${terms.map((term) => said(term, 'D')).join(' | ')})`;

/** A stretch of a text. */
export type Stretch = { from: number; to: number };

const fits = ({ words, isBeginning }: Term, line: readonly Word[], at: number): boolean =>
	words.every((word, n) => {
		const found = line[at + n]?.word;
		return isBeginning ? found?.startsWith(word) : found === word;
	});

/** Where in a line the terms stand, in order, without overlap; and how many of them do. */
export function findTerms(line: string, terms: readonly Term[]): { hits: Stretch[]; terms: number } {
	const words = wordsOf(line);
	const found = new Set<Term>();
	const hits: Stretch[] = [];
	for (let at = 0; at < words.length; at++) {
		const term = terms.find((one) => fits(one, words, at));
		if (!term) continue;
		found.add(term);
		const last = at + term.words.length - 1;
		hits.push({ from: words[at]?.from ?? 0, to: words[last]?.to ?? 0 });
		at = last;
	}
	return { hits, terms: found.size };
}
