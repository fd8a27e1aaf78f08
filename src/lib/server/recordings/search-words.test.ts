import { describe, expect, it } from 'vitest';
import { findTerms, queryOf, readTerms } from './search-words.ts';

describe('readTerms', () => {
	it('takes words as beginnings, numbers and what is joined or quoted as they are', () => {
		expect(readTerms('Invoice 1042 of INV-7 “due today” ab')).toEqual([
			{ words: ['invoice'], isBeginning: true },
			{ words: ['1042'], isBeginning: false },
			{ words: ['of'], isBeginning: false },
			{ words: ['inv', '7'], isBeginning: false },
			{ words: ['due', 'today'], isBeginning: false },
			{ words: ['ab'], isBeginning: false }
		]);
	});
	it('finds none in signs alone, and takes no endless list', () => {
		expect(readTerms(' "" -- & | ! :* ( ')).toEqual([]);
		expect(readTerms('word '.repeat(100))).toHaveLength(12);
	});
});

describe('queryOf', () => {
	it.each(["' | 'x", "a'::tsquery", '!invoice', "b:* & c)) -- \\'", '<-> (', 'x\u0000y'])(
		'says of %j only words within quotes',
		(typed) => {
			const terms = readTerms(typed);
			if (terms.length === 0) return;
			const word = "'[\\p{L}\\p{N}]+'(:\\*?D?)?";
			expect(queryOf(terms)).toMatch(new RegExp(`^(\\(?\\(?${word}\\)?\\)?( (&|\\||<->) )?)+$`, 'u'));
		}
	);
	it('asks for all terms, one of them in a line', () => {
		expect(queryOf(readTerms('Invoice "due today"'))).toBe(
			"('invoice':*) & ('due' <-> 'today') & (('invoice':*D) | ('due':D <-> 'today':D))"
		);
	});
});

describe('findTerms', () => {
	it('finds again in a line what the index found', () => {
		const line = 'Invoices: INV-7, Café 1042';
		const { hits, terms } = findTerms(line, readTerms('invoice inv-7 1042 cafe tea'));
		expect(hits.map(({ from, to }) => line.slice(from, to))).toEqual(['Invoices', 'INV-7', 'Café', '1042']);
		expect(terms).toBe(4);
	});
	it('takes no number for the beginning of another', () => {
		expect(findTerms('1042', readTerms('104')).hits).toEqual([]);
	});
});
