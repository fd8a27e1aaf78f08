import { describe, expect, it } from 'vitest';
import { EVENT, SOURCE } from '../format/events.ts';
import { mayName, namesIn } from './named-assets.ts';

const ORIGIN = 'https://portal.test';
const snapshot = (...childNodes: unknown[]) => ({
	type: EVENT.fullSnapshot,
	data: { node: { type: 0, id: 1, childNodes } }
});
const element = (id: number, tagName: string, attributes: Record<string, unknown>) => ({
	type: 2,
	id,
	tagName,
	attributes,
	childNodes: []
});

describe('names of pictures and fonts in an event', () => {
	it('are what its elements and its styles name on the page’s own origin', () => {
		const event = snapshot(
			element(2, 'img', { src: `${ORIGIN}/logo?v=1`, alt: 'url(/words.png)' }),
			element(3, 'img', { srcset: `${ORIGIN}/a.png 1x, ${ORIGIN}/b.png 2x` }),
			element(4, 'image', { href: `${ORIGIN}/drawn.png#part` }),
			element(5, 'link', {
				_cssText: `@font-face{src:url("${ORIGIN}/f.woff2")} a{background:url(${ORIGIN}/bg.png)}`
			}),
			element(6, 'a', { href: `${ORIGIN}/invoices` }),
			element(7, 'img', { src: 'https://elsewhere.test/x.png' }),
			element(8, 'img', { src: 'data:image/png;base64,AA' })
		);
		expect(namesIn(event, ORIGIN).toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
			{ name: 'recorded:/a.png', id: 3 },
			{ name: 'recorded:/b.png', id: 3 },
			{ name: 'recorded:/bg.png', id: null },
			{ name: 'recorded:/drawn.png', id: 4 },
			{ name: 'recorded:/f.woff2', id: null },
			{ name: 'recorded:/logo?v=1', id: 2 },
			// Words that look like style: nothing was loaded from there, and nothing will be taken.
			{ name: 'recorded:/words.png', id: null }
		]);
	});

	it('leave out fonts of our own build, which the player’s host has itself, and mere fragments', () => {
		const css = `a{src:url(${ORIGIN}/_app/immutable/assets/inter.woff2);fill:url(#g);mask:url("#m")}`;
		expect(namesIn(snapshot(element(2, 'style', { _cssText: css })), ORIGIN)).toEqual([]);
	});

	it('are looked for only in events that may name some', () => {
		const incremental = (source: number) => ({ type: EVENT.incremental, data: { source } });
		expect(mayName(snapshot())).toBe(true);
		expect(mayName(incremental(SOURCE.mutation))).toBe(true);
		expect(mayName(incremental(SOURCE.mouseMove))).toBe(false);
		expect(mayName(incremental(SOURCE.scroll))).toBe(false);
	});
});
