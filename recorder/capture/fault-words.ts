// An error's words as they may leave: never what stands in objects, nothing that the page masks elsewhere. Whoever wrote the
// message did not think of who reads it.
import { MAX_FAULT_TEXT } from '../format/page-fault.ts';
import { HIDDEN, isSecretName, scrubState } from './scrub.ts';

/** What was passed to the console, or thrown. */
const MAX_ARGUMENTS = 10;
/** Looked through for secrets; what is behind it never leaves. */
const MAX_LOOKED = 4_000;
/** Shorter ones are found in too many harmless words. */
const MIN_WORD = 3;

/** One value in words: of an object only what it is called, never what is in it. */
function wordOf(value: unknown): string {
	if (typeof value === 'string') return value;
	if (value instanceof Error) return `${value.name}: ${value.message}`;
	if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[list]' : '[object]';
	return typeof value === 'function' ? '[function]' : String(value);
}

/** Values as the console would write them, in short. Never throws: they are the page's own, getters and all. */
export function wordsOf(values: readonly unknown[]): string {
	try {
		return values.slice(0, MAX_ARGUMENTS).map(wordOf).join(' ');
	} catch {
		// An object that does not let itself be looked at has no words.
		return '';
	}
}

/** What kind of error it is: all that is told of it where what people typed is masked. */
export function nameOf(values: readonly unknown[]): string {
	try {
		const error = values.find((value) => value instanceof Error);
		return error && /^\w{1,60}$/.test(error.name) ? error.name : '';
	} catch {
		// As above.
		return '';
	}
}

/** The first place in a stack, as `address:line:column`. */
export function placeIn(stack: unknown): string {
	return typeof stack === 'string' ? (/\bhttps?:\/\/[^\s()]+:\d+:\d+/.exec(stack)?.[0] ?? '') : '';
}

/** A cut goes between two words: half a secret is not known again. */
const cut = (text: string): string =>
	text.length <= MAX_LOOKED ? text : text.slice(0, MAX_LOOKED).replace(/\S*$/, '');

/** Without these words, however they are written: as a whole, and each that is long enough. */
export function withoutWords(text: string, hidden: readonly string[]): string {
	const folded = text.toLowerCase();
	const there = new Set<string>();
	for (const value of hidden)
		for (const word of [value.trim(), ...value.split(/\s+/)])
			if (word.length >= MIN_WORD && folded.includes(word.toLowerCase())) there.add(word);
	if (there.size === 0) return text;
	const longestFirst = [...there].toSorted((a, b) => b.length - a.length);
	const any = longestFirst.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|');
	return text.replaceAll(new RegExp(any, 'gi'), HIDDEN);
}

const NAME = /([\w-]{2,})["']?\s*[:=]\s*/g;
const VALUE = /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s"',;&{}]+/y;

/** `Saving failed: password=abc`: each name is looked at, also one that stands where another's value would. */
function withoutPairs(text: string): string {
	let shown = '';
	let from = 0;
	for (const { 0: all, 1: name = '', index } of text.matchAll(NAME)) {
		VALUE.lastIndex = index + all.length;
		if (index < from || !isSecretName(name) || !VALUE.test(text)) continue;
		shown += text.slice(from, index + all.length) + HIDDEN;
		from = VALUE.lastIndex;
	}
	return shown + text.slice(from);
}

export type Masking = {
	/** What the page masks at this moment. */
	hidden(): readonly string[];
	/** Known secrets and what looks like one replaced. */
	textOf(text: string): string;
};

export function maskedWords(text: string, { hidden, textOf }: Masking): string {
	if (text === '') return '';
	return textOf(scrubState(withoutPairs(withoutWords(cut(text), hidden())))).slice(0, MAX_FAULT_TEXT);
}
