// What counts as a word of a text, the same for what is indexed and for what is asked. Ours and not PostgreSQL's parser: that one
// takes "INV-1042" for a negative number, a file name for a host, and depends on the server's locale.

/** Scripts that put no space between words: each of their signs is a word, and a run of them a phrase. */
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
/** Soft hyphens and joiners stand within words and are not seen. */
const WORD = new RegExp(
	`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}\\u00AD\\u200B-\\u200D\\u2060])+`,
	'gu'
);
/** Accents, and what is left of signs that stand for several letters. */
const NO_LETTER = /[\u0300-\u036F]|[^\p{L}\p{N}\p{M}]/gu;

/** Below what PostgreSQL takes (2 046 bytes); longer ones are keys and hashes, told apart by their beginning. */
const MAX_WORD = 64;

/** A word and where it stands. */
export type Word = { word: string; from: number; to: number };

/** As it is compared: "Café" is "cafe", "ﬁ" is "fi". */
function folded(word: string): string {
	const plain = word.toLowerCase().normalize('NFKD').replace(NO_LETTER, '').normalize('NFC');
	// A sign of two halves must not lose one: half a sign is no text.
	return plain.slice(0, MAX_WORD).replace(/[\uD800-\uDBFF]$/u, '');
}

/** The words of a text in their order. */
export function wordsOf(text: string): Word[] {
	const words: Word[] = [];
	for (const { 0: found, index: from } of text.matchAll(WORD)) {
		const word = folded(found);
		if (word !== '') words.push({ word, from, to: from + found.length });
	}
	return words;
}

/** PostgreSQL counts places no further, and keeps so many of one word. */
const MAX_PLACE = 16_383;
const MAX_PLACES = 200;

/**
 * Lines as the text of a `tsvector`: words and their places. Between lines a place stays empty, so that no phrase crosses
 * them. Words of the title have weight B: they help to find the lines, they are not what was found.
 */
export function vectorOf(lines: readonly string[], title: string): string {
	const places = new Map<string, string[]>();
	let place = 0;
	const take = (text: string, weight: string) => {
		for (const { word } of wordsOf(text)) {
			place += 1;
			const said = `${Math.min(place, MAX_PLACE)}${weight}`;
			const known = places.get(word);
			if (!known) places.set(word, [said]);
			else if (known.length < MAX_PLACES) known.push(said);
		}
		place += 1;
	};
	for (const line of lines) take(line, '');
	take(title, 'B');
	// Words hold letters, digits and marks alone, so nothing in them ends the quotes.
	return [...places].map(([word, at]) => `'${word}':${at.join(',')}`).join(' ');
}
