import { readFileSync } from 'node:fs';
import { wcagContrast } from 'culori';
import { describe, expect, it } from 'vitest';
import { accentStyle, accentTokens, checkAccent, GROUNDS, parseHex } from './accent.ts';

/** Every hue, pale to dark, dull to vivid. */
const colours = Array.from({ length: 7 }, (_, r) =>
	Array.from({ length: 7 }, (_, g) =>
		Array.from({ length: 7 }, (_, b) =>
			[r, g, b]
				.map((part) =>
					Math.round((part * 255) / 6)
						.toString(16)
						.padStart(2, '0')
				)
				.join('')
		)
	)
)
	.flat(2)
	.map((digits) => `#${digits}`);

describe('what counts as a colour', () => {
	it.each(['#4F46E5', '4f46e5', '  #4f46e5 '])('takes %s', (text) => {
		expect(parseHex(text)).toBe('#4f46e5');
	});

	it.each([
		'',
		'red',
		'#fff',
		'#12345g',
		'red;}body{display:none',
		'#4f46e5;background:url(//x)',
		'#4f46e5ff'
	])('refuses %s', (text) => {
		expect(parseHex(text)).toBeNull();
		expect(accentStyle(text)).toBe('');
	});
});

describe('the check', () => {
	it('passes a colour that stands out in both themes', () => {
		expect(checkAccent('#0f7b6c').passes).toBe(true);
	});

	it('says in which theme a colour is lost', () => {
		expect(checkAccent('#fff3b0')).toMatchObject({ passes: false, faults: ['light'] });
		expect(checkAccent('#101840')).toMatchObject({ passes: false, faults: ['dark'] });
	});

	it('offers for every colour that fails one that passes', () => {
		for (const hex of colours) {
			const check = checkAccent(hex);
			if (!check.passes)
				expect(checkAccent(check.nearest), `${hex} → ${check.nearest}`).toMatchObject({ passes: true });
		}
	});
});

describe('what follows from any accent that passes', () => {
	const passing = colours.map(checkAccent).map((check) => (check.passes ? check.hex : check.nearest));

	it.each(['light', 'dark'] as const)('is readable in the %s theme', (theme) => {
		for (const hex of new Set(passing)) {
			const token = accentTokens(hex);
			const of = (name: keyof typeof token) => token[name][theme];
			for (const fill of ['accent', 'accent-hover'] as const)
				expect(wcagContrast(of('on-accent'), of(fill)), `${hex} text on ${fill}`).toBeGreaterThanOrEqual(4.5);
			for (const ground of [...GROUNDS[theme], of('accent-soft')])
				expect(wcagContrast(of('accent-text'), ground), `${hex} link on ${ground}`).toBeGreaterThanOrEqual(
					4.5
				);
			for (const ground of GROUNDS[theme])
				expect(wcagContrast(of('focus'), ground), `${hex} focus on ${ground}`).toBeGreaterThanOrEqual(3);
			const text = theme === 'light' ? '#16181d' : '#eceef2';
			expect(wcagContrast(text, of('accent-soft')), `${hex} text on soft`).toBeGreaterThanOrEqual(4.5);
		}
	});
});

describe('the grounds', () => {
	const css = readFileSync(new URL('../../app.css', import.meta.url), 'utf8');

	it.each(['canvas', 'surface', 'raised', 'hover'])('know the --%s of app.css', (name) => {
		const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css) ?? [];
		expect(GROUNDS.light).toContain(light);
		expect(GROUNDS.dark).toContain(dark);
	});
});

it('makes a style attribute of nothing but colours', () => {
	expect(accentStyle('#0f7b6c')).toMatch(
		/^(--[a-z-]+:(#[0-9a-f]{6}|light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\));?)+$/
	);
	expect(accentStyle(null)).toBe('');
});
