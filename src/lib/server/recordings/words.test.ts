import { describe, expect, it } from 'vitest';
import { wordsOf, vectorOf } from './words.ts';

const words = (text: string): string[] => wordsOf(text).map(({ word }) => word);

describe('wordsOf', () => {
	it.each([
		['INV-2026-0042', ['inv', '2026', '0042']],
		['Café CRÈME, Straße', ['cafe', 'creme', 'straße']],
		['bill_final.pdf · 1,234.50 €', ['bill', 'final', 'pdf', '1', '234', '50']],
		['ﬁne in\u00ADvoice', ['fine', 'invoice']],
		['東京タワー 1042', ['東', '京', 'タ', 'ワ', 'ー', '1042']],
		['नमस्ते', ['नमस्ते']],
		['İstanbul', ['istanbul']],
		['\u200B — … <>&\'"', []]
	])('takes %s apart as %o', (text, expected) => {
		expect(words(text)).toEqual(expected.map((word) => word.normalize('NFC')));
	});
	it('tells where each stands in the text as it was', () => {
		const text = 'ﬁne Café';
		expect(wordsOf(text).map(({ from, to }) => text.slice(from, to))).toEqual(['ﬁne', 'Café']);
	});
	it('cuts what is no word of any language, and leaves no half sign', () => {
		expect(words('a'.repeat(5_000))).toEqual(['a'.repeat(64)]);
		expect(words(`a${'𝔘'.repeat(0)}${'𐐷'.repeat(50)}`)[0]).not.toMatch(/\p{Surrogate}/u);
	});
});

describe('vectorOf', () => {
	it('leaves a place empty between lines, and marks the title', () => {
		expect(vectorOf(['Invoice 1042', 'Invoice'], 'Invoices')).toBe("'invoice':1,4 '1042':2 'invoices':6B");
	});
	it('holds nothing that could end a quote', () => {
		expect(vectorOf(["it's' :* & | ! \\ ')::text;--"], '')).toMatch(/^('[a-z]+':[\d,]+ ?)+$/);
	});
});
