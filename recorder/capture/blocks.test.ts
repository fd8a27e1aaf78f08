import { describe, expect, it } from 'vitest';
import { isBlocks } from '../format/masked.ts';
import { blocks, maskText } from './blocks.ts';
import { HIDDEN } from './scrub.ts';

const signs = (text: string): number => text.replace(/\s/g, '').length;

describe('blocks', () => {
	it('tell a class of lengths, never a length', () => {
		expect(blocks('Bo')).toBe(blocks('Bea'));
		expect(blocks('12345')).toBe(blocks('12345678'));
		expect([1, 4, 5, 8, 9, 16, 17].map((count) => signs(blocks('x'.repeat(count))))).toEqual([
			4, 4, 8, 8, 16, 16, 32
		]);
	});
	it('keep no letter and no gap between words', () => {
		expect(isBlocks(blocks('Bea Baker, 12 Mill Lane'))).toBe(true);
		expect(blocks('aaaa bbb c')).toBe(blocks('aaaabbbc').replace(/ $/, ''));
	});
	it('stay as they are when masked again', () => {
		for (const text of ['Bea', ' Bea Baker ', 'x'.repeat(9_999)])
			expect(blocks(blocks(text))).toBe(blocks(text));
	});
	it('leave gaps alone and keep the one before and after', () => {
		expect(blocks(' \n ')).toBe(' \n ');
		expect(blocks('\n\tBea ')).toBe(' ████ ');
	});
	it('are never more than a screen needs', () => {
		expect(signs(blocks('x'.repeat(1_000_000)))).toBe(2_048);
	});
});

describe('maskText', () => {
	it('shows what may be shown, and of a secret nothing at all', () => {
		expect(maskText('Bea', 'shown')).toBe('Bea');
		expect(maskText('a', 'secret')).toBe(HIDDEN);
		expect(maskText('a'.repeat(50), 'secret')).toBe(HIDDEN);
		for (const secrecy of ['masked', 'typed', 'personal'] as const)
			expect(maskText('Bea', secrecy)).toBe('████');
	});
});
