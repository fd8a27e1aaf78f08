// A replay step by step: one thing that happened more, or one less, over blocks and on either side of them.
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '#support/chromium.ts';
import { makeFilm } from '#support/film-blocks.ts';
import {
	call,
	log,
	openFilm,
	openPlayer,
	picture,
	PLAYER_BUNDLE,
	playerPage,
	say,
	settled,
	text
} from '#support/player-page.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, type RecorderHub } from '#support/recorder-hub.ts';

let hub: RecorderHub;
let browser: Browser;

beforeAll(async () => {
	const scripts = { '/player.js': await bundleForBrowser({ source: PLAYER_BUNDLE }) };
	hub = await startRecorderHub({ pages: { '/player': playerPage('width:600px;height:400px') }, scripts });
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await hub.close();
});

const T = 1_000_000;
/** More steps than there are things: a block's own beginning may be one of them. */
const MOST = 4;

async function step(viewer: Page, direction: 1 | -1): Promise<number> {
	await call(viewer, 'step', direction);
	await settled(viewer);
	return (await log(viewer)).time.at(-1) ?? 0;
}

it('shows each thing that happened, forwards and backwards, and rests at either end', async () => {
	const viewer = await openPlayer(browser, `${hub.origin}/player`);
	const events = [...picture(T, 'zero'), say(T + 500, 'half'), say(T + 1_700, 'late'), say(T + 2_000, 'two')];
	await openFilm(viewer, makeFilm({ a: events }, { startAt: T, endAt: T + 3_000, spanMs: 1_000 }));
	const visit = async (direction: 1 | -1, moments: readonly (readonly [number, string])[]) => {
		for (const [ms, shown] of moments) {
			let at = await step(viewer, direction);
			for (let more = 0; more < MOST && (direction === 1 ? at < ms : at > ms); more++)
				at = await step(viewer, direction);
			expect([at, await text(viewer)]).toEqual([ms, expect.stringContaining(shown)]);
		}
	};
	await visit(1, [
		[500, 'half'],
		[1_700, 'late'],
		[2_000, 'two']
	]);
	expect(await step(viewer, 1)).toBeGreaterThanOrEqual(2_000);
	await visit(-1, [
		[1_700, 'late'],
		[500, 'half'],
		[0, 'zero']
	]);
	expect(await step(viewer, -1)).toBe(0);
	expect((await log(viewer)).state).not.toContain('playing');
});
