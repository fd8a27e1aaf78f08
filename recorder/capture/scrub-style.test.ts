import { describe, expect, it } from 'vitest';
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
	it('leaves a sheet alone elsewhere, but for tokens in its addresses', () => {
		expect(scrubCss(sheet, 'personal')).toBe(sheet);
		expect(scrubCss('a{background:url(/x.png?token=abc)}', 'personal')).not.toContain('abc');
	});
	it('stays linear on hostile sheets', () => {
		const started = performance.now();
		for (const piece of ['content:', '--a:"', "content:'\\", '--a:url('])
			scrubCss(`"${piece.repeat(20_000)}`, 'text');
		expect(performance.now() - started).toBeLessThan(2_000);
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
