// A page recorded in one tab and shown in another: live as it happens, and replayed on our own clock.
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeBatch, EVENT, SOURCE, type Loose, type RecordedEvent } from '#recorder/format/events.ts';
import { launchChromium } from '#support/chromium.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, until, type RecorderHub } from '#support/recorder-hub.ts';

const recorded = `<!doctype html><html><body style="margin:0"><h1>Invoices</h1><input id="field"><ul id="list"></ul>
<div style="height:3000px"></div><script src="/recorder.js"></script><script>
window.states=[];window.recorder=bundle.startRecorder({ticket:location.search||'a',pageId:'p1',masking:{profile:'personal',personal:null},onState(){},onRecording(r){states.push(r)},onEnded(){}});
</script></body></html>`;
const player = `<!doctype html><html><body style="margin:0"><div id="root" style="width:600px;height:400px"></div>
<script src="/player.js"></script><script>
window.log={time:[],state:[],size:[],shown:[],rejoin:[],damaged:[]};
window.player=bundle.createPlayer(root,{onTime:t=>log.time.push(t),onState:s=>log.state.push(s),onSize:s=>log.size.push(s),
onShown:s=>log.shown.push(s),needsRejoin:r=>log.rejoin.push(r),onDamaged:d=>log.damaged.push(d)});
window.screenText=()=>[...document.querySelectorAll('.recorder-stage>div')].filter(l=>l.style.visibility==='visible')
.map(l=>l.querySelector('iframe').contentDocument?.body?.innerText??'').join('|');
window.inner=()=>document.querySelector('.recorder-stage>div iframe').contentDocument;
</script></body></html>`;

type PlayerWindow = {
	player: {
		[method: string]: (...args: unknown[]) => void;
	};
	log: {
		time: number[];
		state: string[];
		size: { width: number }[];
		shown: { seq: number }[];
		rejoin: string[];
		damaged: object[];
	};
	screenText(): string;
	inner(): Document;
};
declare const window: PlayerWindow & { recorder: { stop(): void }; states: string[] } & typeof globalThis;

let hub: RecorderHub;
let browser: Browser;

beforeAll(async () => {
	const scripts = {
		'/recorder.js': await bundleForBrowser({
			source: "export { startRecorder } from './recorder/index.ts';"
		}),
		'/player.js': await bundleForBrowser({
			source: "export { createPlayer } from './recorder/playback/player.ts';"
		})
	};
	hub = await startRecorderHub({ pages: { '/': recorded, '/player': player }, scripts });
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await hub.close();
});

const openPlayer = async (): Promise<Page> => {
	const page = await (await browser.newContext()).newPage();
	await page.goto(`${hub.origin}/player`);
	return page;
};
const call = (page: Page, method: string, ...args: unknown[]) =>
	page.evaluate(([name, list]) => window.player[name as string]!(...(list as unknown[])), [
		method,
		args
	] as const);
const text = (page: Page) => page.evaluate(() => window.screenText());
const log = (page: Page) => page.evaluate(() => window.log);
const give = (page: Page, header: Loose, bytes: Uint8Array) =>
	page.evaluate(([head, list]) => window.player.addBatch!(head, new Uint8Array(list as number[])), [
		header,
		[...bytes]
	] as const);
const head = (seq: number, pageId = 'p1', receivedAt = 9e12): Loose => ({
	pageId,
	seq,
	offsetMs: 0,
	receivedAt
});

const documentOf = (...lines: string[]): Loose => ({
	type: 0,
	id: 1,
	childNodes: [
		{
			type: 2,
			id: 2,
			tagName: 'html',
			attributes: {},
			childNodes: [
				{ type: 2, id: 3, tagName: 'head', attributes: {}, childNodes: [] },
				{
					type: 2,
					id: 4,
					tagName: 'body',
					attributes: {},
					childNodes: lines.map((line, at) => ({
						type: 2,
						id: 10 + at * 2,
						tagName: 'p',
						attributes: {},
						childNodes: [{ type: 3, id: 11 + at * 2, textContent: line }]
					}))
				}
			]
		}
	]
});
const picture = (timestamp: number, ...lines: string[]): RecordedEvent[] => [
	{ type: EVENT.meta, timestamp, data: { href: 'x', width: 800, height: 600 } },
	{
		type: EVENT.fullSnapshot,
		timestamp,
		data: { node: documentOf(...lines), initialOffset: { top: 0, left: 0 } }
	}
];
const say = (timestamp: number, value: string, id = 11): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.mutation, texts: [{ id, value }], adds: [], removes: [], attributes: [] }
});
const click = (timestamp: number): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.mouseInteraction, type: 2, id: 10, x: 1, y: 1 }
});

describe('live', () => {
	it('shows a page in another browser as it changes: elements, typing, scroll', async () => {
		const watched = await browser.newPage();
		await watched.goto(`${hub.origin}/`);
		const viewer = await openPlayer();
		await call(viewer, 'startLive');
		let next = 0;
		const relay = async (): Promise<void> => {
			for (const batches = hub.batchesOf('a'); next < batches.length; next++)
				await give(viewer, head(next), batches[next]!);
		};
		const shows = (what: string, isTrue: () => Promise<boolean>) =>
			until(what, async () => {
				await relay();
				return isTrue();
			});
		await shows('the heading', async () => (await text(viewer)).includes('Invoices'));
		await watched.evaluate(() => {
			const list = document.getElementById('list');
			list?.append(Object.assign(document.createElement('li'), { textContent: 'A new line' }));
		});
		await shows('the new line', async () => (await text(viewer)).includes('A new line'));
		await watched.locator('#field').pressSequentially('abc');
		const value = () =>
			viewer.evaluate(() => (window.inner().getElementById('field') as HTMLInputElement).value);
		await shows('the typing', async () => (await value()) === 'abc');
		await watched.mouse.wheel(0, 700);
		await shows('the scroll', () => viewer.evaluate(() => window.inner().defaultView!.scrollY > 500));
		expect((await log(viewer)).size.at(-1)!.width).toBe(await watched.evaluate(() => innerWidth));
		await watched.close();
	});
	it('goes on after an event that comes late, where rrweb alone freezes', async () => {
		const viewer = await openPlayer();
		await call(viewer, 'startLive');
		await give(viewer, head(0), encodeBatch(picture(50_000, 'first')));
		await give(viewer, head(1), encodeBatch([say(10, 'late')]));
		await give(viewer, head(2), encodeBatch([say(60_000, 'after it')]));
		expect(await text(viewer)).toContain('after it');
	});
	it('ignores duplicates, asks to rejoin after a hole, and keeps the last picture until the next', async () => {
		const viewer = await openPlayer();
		await call(viewer, 'startLive');
		await give(viewer, head(0), encodeBatch(picture(1, 'first')));
		await give(viewer, head(0), encodeBatch([say(2, 'twice')]));
		await give(viewer, head(5), encodeBatch([say(3, 'after a hole')]));
		expect(await text(viewer)).toContain('first');
		expect((await log(viewer)).rejoin).toEqual(['hole']);
		await call(viewer, 'reset');
		await call(viewer, 'reset');
		expect(await text(viewer)).toContain('first');
		await give(viewer, head(0), encodeBatch(picture(9, 'anew')));
		expect(await text(viewer)).toContain('anew');
	});
});

describe('replay', () => {
	const T = 1_000_000;
	const load = async (
		viewer: Page,
		pages: Record<string, RecordedEvent[]>,
		endAt = T + 3_000
	): Promise<void> => {
		await call(viewer, 'open', { startAt: T, endAt });
		for (const [pageId, events] of Object.entries(pages))
			await viewer.evaluate(
				([id, header, list]) =>
					window.player.loadPage!(id, [{ header, bytes: new Uint8Array(list as number[]) }]),
				[pageId, head(0, pageId), [...encodeBatch(events)]] as const
			);
	};
	it('seeks to any moment, exactly onto a snapshot too, forwards and backwards', async () => {
		const viewer = await openPlayer();
		await load(viewer, {
			a: [...picture(T, 'zero'), say(T + 500, 'half'), ...picture(T + 1_000, 'one'), say(T + 2_000, 'two')]
		});
		for (const [ms, shown] of [
			[0, 'zero'],
			[500, 'half'],
			[999, 'half'],
			[1_000, 'one'],
			[2_500, 'two'],
			[499, 'zero']
		] as const) {
			await call(viewer, 'seek', ms);
			expect([ms, await text(viewer)]).toEqual([ms, expect.stringContaining(shown)]);
		}
		expect((await log(viewer)).time.at(-1)).toBe(499);
	});
	it('plays on through pages and gaps to the end, and starts over from there', async () => {
		const viewer = await openPlayer();
		await load(viewer, {
			a: picture(T, 'page a'),
			b: [...picture(T + 1_500, 'page b'), say(T + 2_500, 'b changed')]
		});
		await call(viewer, 'setSpeed', 8);
		await call(viewer, 'play');
		await until('the end', async () => (await log(viewer)).state.includes('ended'));
		expect(await text(viewer)).toContain('b changed');
		const { time, state } = await log(viewer);
		expect([time.at(-1), state]).toEqual([3_000, ['playing', 'ended']]);
		expect(time.toSorted((a, b) => a - b)).toEqual(time);
		// Slowly, so that it is still at its start however busy the machine is.
		await call(viewer, 'setSpeed', 0.5);
		await call(viewer, 'play');
		await call(viewer, 'pause');
		expect(await text(viewer)).toContain('page a');
	});
	it('shows of two tabs the one somebody last acted on', async () => {
		const viewer = await openPlayer();
		await load(viewer, {
			a: [...picture(T, 'tab a'), click(T + 2_000)],
			b: [...picture(T + 1_000, 'tab b'), say(T + 2_900, 'b moved')]
		});
		for (const [ms, shown] of [
			[500, 'tab a'],
			[1_500, 'tab b'],
			[2_950, 'tab a']
		] as const) {
			await call(viewer, 'seek', ms);
			expect(await text(viewer)).toContain(shown);
		}
	});
	it('skips long stretches in which nobody acts', async () => {
		const viewer = await openPlayer();
		await load(viewer, { a: [...picture(T, 'start'), click(T + 100), click(T + 600_000)] }, T + 600_500);
		await call(viewer, 'setSkipInactivity', true);
		await call(viewer, 'setSpeed', 16);
		await call(viewer, 'play');
		await until('the end', async () => (await log(viewer)).state.includes('ended'), 5_000);
	});
	it('plays what is left of a damaged page and says so', async () => {
		const viewer = await openPlayer();
		await call(viewer, 'open', { startAt: T, endAt: T + 1_000 });
		await viewer.evaluate(
			([good, bad]) =>
				window.player.loadPage!('a', [
					{
						header: { pageId: 'a', seq: 0, offsetMs: 0, receivedAt: 9e12 },
						bytes: new Uint8Array(good!)
					},
					{
						header: { pageId: 'a', seq: 1, offsetMs: 0, receivedAt: 9e12 },
						bytes: new Uint8Array(bad!)
					}
				]),
			[[...encodeBatch(picture(T, 'whole'))], [1, 2, 3]] as number[][]
		);
		expect(await text(viewer)).toContain('whole');
		expect((await log(viewer)).damaged).toEqual([{ pageId: 'a', batches: 1 }]);
	});
	it('scales the recorded viewport to its frame and centres it', async () => {
		const viewer = await openPlayer();
		await load(viewer, { a: picture(T, 'x') });
		const box = await viewer.locator('.recorder-stage').boundingBox();
		expect(box).toEqual({ x: expect.closeTo(33, 0), y: 0, width: expect.closeTo(533, 0), height: 400 });
	});
});
