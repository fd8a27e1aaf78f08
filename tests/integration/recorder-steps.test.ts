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
	type PlayerWindow,
	say,
	seekTo,
	settled,
	text
} from '#support/player-page.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, type RecorderHub } from '#support/recorder-hub.ts';

declare const window: PlayerWindow & typeof globalThis;

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

it('draws what helpers showed over the page again, wherever it is looked at from', async () => {
	const viewer = await openPlayer(browser, `${hub.origin}/player`);
	const by = { staffId: 's', name: '<b>Sofia</b>' };
	const of = { pageId: 'a', at: T + 500, ms: 1_000, by };
	const line: [number, number][] = [0, 0.25, 0.5, 0.75, 1].map((x) => [x, 0.5]);
	await call(viewer, 'showStretches', [
		{ ...of, places: [{ node: 10, x: 0.5, y: 0.5, ms: 0 }], strokes: [] },
		{ ...of, places: [], strokes: [{ node: 10, points: line, from: 0, to: 1_000 }] }
	]);
	const events = [...picture(T, 'zero'), say(T + 1_200, 'moved'), say(T + 20_000, 'end')];
	await openFilm(viewer, makeFilm({ a: events }, { startAt: T, endAt: T + 21_000, spanMs: 5_000 }));
	const seen = (ms: number) =>
		viewer.evaluate(async (at) => {
			window.player['seek']!(at);
			const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
			for (let turn = 0; turn < 3; turn++) await frame();
			const stage = document.querySelector('.recorder-stage')!;
			const points = stage.querySelector('polyline')?.getAttribute('points')?.split(' ') ?? [];
			const {
				left = 0,
				width = 0,
				top = 0,
				height = 0
			} = window.inner()?.querySelector('p')?.getBoundingClientRect() ?? {};
			const middle = { x: left + width / 2, y: top + height / 2 };
			const pointer = stage.querySelector<HTMLElement>('span')?.parentElement;
			const place = new DOMMatrix(pointer?.style.transform ?? '');
			const isInPlace = Math.hypot(place.e - middle.x, place.f - middle.y) < 1;
			return [points.length, pointer?.textContent ?? null, isInPlace];
		}, ms);
	expect(await seen(0)).toEqual([0, null, false]);
	expect(await seen(1_000)).toEqual([3, by.name, true]);
	expect(await seen(2_000)).toEqual([5, by.name, true]);
	await seekTo(viewer, 20_500);
	expect(await seen(20_500)).toEqual([0, null, false]);
	await seekTo(viewer, 1_500);
	expect(await seen(1_500)).toEqual([5, by.name, true]);
});
