// A page of the portal answers soon on a slow line: what it loads first stays small. Needs `npm run build`.
import { beforeAll, describe, expect, it } from 'vitest';
import { readRouteFiles } from '#support/route-files.ts';
import { readPortalPages, type PageScript } from '../../bench/first-load.ts';

/** Gzipped, 1 KB = 1000 bytes. */
const LIMIT = 120;

let pages: PageScript[];
beforeAll(async () => {
	pages = await readPortalPages();
});

describe('the first load of a portal page', () => {
	it('is measured for every page there is', () => {
		const there = readRouteFiles().filter(({ side, kind }) => side === 'portal' && kind === 'page');
		expect(there.length).toBeGreaterThan(30);
		expect(pages.length).toBe(there.length);
		// Less would mean that the entry or a layout was not counted.
		for (const { route, kilobytes } of pages) expect(kilobytes, route).toBeGreaterThan(20);
	});

	it(`is at most ${LIMIT} KB of script, gzipped`, () => {
		const heavy = pages.filter(({ kilobytes }) => kilobytes > LIMIT);
		expect(heavy.map(({ route, kilobytes }) => `${route}: ${kilobytes} KB`)).toEqual([]);
	});
});
