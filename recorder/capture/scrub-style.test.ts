import { describe, expect, it } from 'vitest';
import { growth } from '#support/growth.ts';
import { layoutOnly, layoutOnlyChanges, scrubCss } from './scrub-style.ts';

describe('scrubCss', () => {
	const sheet = `.a::after{content:"Paid; {by} Bea"} .b{--note:'Bea'; font-family:"Inter"} .c::before{content:"→"}`;
	it('masks the words of content and custom properties where every word is masked', () => {
		const masked = scrubCss(sheet, 'text');
		expect(masked).not.toContain('Bea');
		expect(masked).toMatch(/content:"█[█ ]*"/);
		expect(masked).toContain('font-family:"Inter"');
		expect(masked).toContain('content:"→"');
	});
	it('masks them however the name is written, and where the string is not closed', () => {
		for (const name of ['content', 'CONTENT', 'c\\6f ntent', 'content/**/', '--1', '--note'])
			for (const value of ['"Bea"', "'Bea", '"x" attr(y) "Bea"', String.raw`"\42\65\61"`])
				expect(scrubCss(`.a{color:"red";${name} :${value}`, 'text'), name + value).not.toMatch(/Bea|42/);
	});
	it('leaves a sheet alone elsewhere, but for tokens in its addresses', () => {
		expect(scrubCss(sheet, 'personal')).toBe(sheet);
		expect(scrubCss('a{background:url(/x.png?token=abc)}', 'personal')).not.toContain('abc');
	});
	it.each(['content:', '--a:"', "content:'\\", '--a:url('])('stays linear on hostile sheets: %s', (piece) => {
		const scrub = (count: number): void => void scrubCss(`"${piece.repeat(count)}`, 'text');
		expect(growth(scrub, 2_000, 8)).toBeLessThan(24);
	});
});

describe('the style of an element whose words are masked', () => {
	it('keeps what lays it out and colours it', () => {
		expect(layoutOnly('width: 12px; --x: "Bea"; color: red; background: url("/a;b.png")')).toBe(
			'width: 12px; color: red'
		);
	});
	it('keeps the same of a change', () => {
		const change = { width: '1px', '--x': 'Bea', background: ['url(/a)', 'important'], color: false };
		expect(layoutOnlyChanges(change)).toEqual({ width: '1px', color: false });
	});
});
