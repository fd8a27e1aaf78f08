import { describe, expect, it } from 'vitest';
import { mergeStyle } from './inline-style.ts';
import type { StyleChange } from './shadow-node.ts';

const merge = (text: string, changes: Record<string, StyleChange>): string | null =>
	mergeStyle(text, new Map(Object.entries(changes)));

describe('mergeStyle', () => {
	it('changes, adds and removes properties where they stand', () => {
		expect(merge('color: red; top: 1px', { color: 'blue', left: '2px', top: false })).toBe(
			'color: blue; left: 2px;'
		);
	});
	it('knows the ends of declarations from other semicolons', () => {
		expect(merge(`--x: "a;b"; background-image: url(a;b); /* ; */ top: 1px`, { top: '2px' })).toBe(
			`--x: "a;b"; background-image: url(a;b); top: 2px;`
		);
	});
	it('keeps and sets priorities', () => {
		expect(merge('color: red!important', { top: ['1px', 'important'] })).toBe(
			'color: red !important; top: 1px !important;'
		);
		expect(merge('color: red !important', { color: 'blue' })).toBe('color: blue;');
	});
	it('puts a longhand behind the shorthand it corrects', () => {
		expect(merge('margin-left: 1px; margin: 5px', { 'margin-left': '3px' })).toBe(
			'margin: 5px; margin-left: 3px;'
		);
	});
	it.each<[string, Record<string, StyleChange>, string]>([
		['margin: 5px', { 'margin-top': false }, 'a shorthand loses one of its parts'],
		['margin: 5px !important', { 'margin-top': '1px' }, 'an important shorthand outweighs what follows'],
		['top: 1px !important', { inset: '0px' }, 'an important longhand outweighs a shorthand'],
		[`--x: ${'y'.repeat(30_000)}`, { top: '1px' }, 'the text is too long to be read for each change']
	])('leaves to a browser: %.40s with %o, for %s', (text, changes) => {
		expect(merge(text, changes)).toBeNull();
	});
	it('reads unclosed strings and brackets in a moment', () => {
		for (const text of [
			'"'.repeat(20_000),
			'('.repeat(20_000),
			'\\'.repeat(19_999),
			'/*'.repeat(10_000),
			'!'.repeat(20_000)
		])
			expect(typeof merge(text, { top: '1px' })).toBe('string');
	});
});
