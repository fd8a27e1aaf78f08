import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../../app.css', import.meta.url), 'utf8');
const tokens = new Map(
	[...css.matchAll(/--([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));/g)].map(
		([, name = '', light, dark, both = '']) => [name, { light: light ?? both, dark: dark ?? both }] as const
	)
);

function luminance(hex: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
		const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(text: string, ground: string, theme: 'light' | 'dark'): number {
	const [high = 0, low = 0] = [tokens.get(text)![theme], tokens.get(ground)![theme]]
		.map(luminance)
		.toSorted((a, b) => b - a);
	return (high + 0.05) / (low + 0.05);
}

const grounds = ['canvas', 'surface', 'raised', 'hover'];
const pairs: [string, string][] = [
	...['text', 'text-muted', 'text-faint', 'accent-text', 'danger', 'warn', 'ok'].flatMap((text) =>
		grounds.map((ground): [string, string] => [text, ground])
	),
	...['danger', 'warn', 'ok'].map((tone): [string, string] => [tone, `${tone}-soft`]),
	...['danger', 'warn', 'ok'].map((tone): [string, string] => [`on-${tone}`, `${tone}-fill`]),
	...['accent-soft', 'danger-soft', 'warn-soft', 'ok-soft'].map((soft): [string, string] => ['text', soft]),
	['accent-text', 'accent-soft'],
	['on-accent', 'accent'],
	['on-accent', 'accent-hover']
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
	test.each(pairs)('%s is readable on %s (4.5 to 1)', (text, ground) => {
		expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
	});

	test.each(grounds)('the focus ring stands out from %s (3 to 1)', (ground) => {
		expect(contrast('focus', ground, theme)).toBeGreaterThanOrEqual(3);
	});
});
