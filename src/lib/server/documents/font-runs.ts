// Which font file has which letter. A web font comes in subsets; a document takes for each letter the first that has it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { unpackWoff } from './unpack-woff.ts';

const require = createRequire(import.meta.url);
const FOLDER = require.resolve('@fontsource/inter/package.json').replace(/package\.json$/, '');

/** In the order they are asked: nearly all text is latin. */
const SUBSETS = [
	'latin',
	'latin-ext',
	'greek',
	'greek-ext',
	'cyrillic',
	'cyrillic-ext',
	'vietnamese'
] as const;
export type Subset = (typeof SUBSETS)[number];

const WEIGHTS = { normal: 400, bold: 600 } as const;
export type Weight = keyof typeof WEIGHTS;

export type Run = { subset: Subset; text: string };

/** Stands for a letter that no file has, so that it is seen to be missing. */
const UNKNOWN = '?';

type Range = [from: number, to: number];

function parseRanges(text: string): Range[] {
	return text.split(',').map((part) => {
		const [from = '', to = from] = part.replace('U+', '').split('-');
		return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
	});
}

let ranges: Map<Subset, Range[]> | null = null;

function readRanges(): Map<Subset, Range[]> {
	const all = JSON.parse(readFileSync(`${FOLDER}unicode.json`, 'utf8')) as Record<string, string>;
	return new Map(SUBSETS.map((subset) => [subset, parseRanges(all[subset] ?? '')]));
}

function subsetOf(letter: string): Subset | null {
	ranges ??= readRanges();
	const code = letter.codePointAt(0) ?? 0;
	for (const [subset, list] of ranges)
		if (list.some(([from, to]) => code >= from && code <= to)) return subset;
	return null;
}

/**
 * A text cut where the font file changes. Composed letters are made whole first, control signs are dropped, and the thin
 * spaces that Intl writes into amounts become plain ones, which every reader can copy.
 */
export function splitRuns(text: string): Run[] {
	const plain = text
		.normalize('NFC')
		.replaceAll(/[\t\u00A0\u2007\u2009\u202F]/g, ' ')
		.replaceAll(/\p{Cc}|\p{Cf}/gu, '');
	const runs: Run[] = [];
	for (const letter of plain) {
		const subset = subsetOf(letter);
		const shown = subset ? letter : UNKNOWN;
		const last = runs.at(-1);
		// A space belongs to whatever stands before it: one run less, and nothing is moved.
		if (last && (last.subset === (subset ?? 'latin') || letter === ' ')) last.text += shown;
		else runs.push({ subset: subset ?? 'latin', text: shown });
	}
	return runs;
}

const files = new Map<string, Buffer>();

/** A font, unpacked; read once, since every document uses the same few. */
export function readFont(subset: Subset, weight: Weight): Buffer {
	const name = `inter-${subset}-${WEIGHTS[weight]}-normal.woff`;
	const bytes = files.get(name) ?? unpackWoff(readFileSync(`${FOLDER}files/${name}`));
	files.set(name, bytes);
	return bytes;
}
