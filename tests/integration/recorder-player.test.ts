// A page recorded in one tab and shown in another: live as it happens, and replayed on our own clock.
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageClock, Received } from '#recorder/format/align.ts';
import type { BlockPayload } from '#recorder/format/block-payload.ts';
import { encodeBatch, type Loose, type RecordedEvent } from '#recorder/format/events.ts';
import { launchChromium } from '#support/chromium.ts';
import { makeFilm, type FilmOptions, type MadeFilm } from '#support/film-blocks.ts';
import {
	call,
	click,
	log,
	openFilm,
	openPlayer,
	picture,
	PLAYER_BUNDLE,
	playerPage,
	reads,
	say,
	seekTo,
	settled,
	stock,
	text,
	type PlayerWindow
} from '#support/player-page.ts';
import { firstPicture, listGrows } from '#support/recorded-list.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, until, type RecorderHub } from '#support/recorder-hub.ts';

const recorded = `<!doctype html><html><body style="margin:0"><h1>Invoices</h1><input id="field"><ul id="list"></ul>
<div style="height:3000px"></div><script src="/recorder.js"></script><script>
window.states=[];window.recorder=bundle.startRecorder({ticket:location.search||'a',pageId:'p1',masking:{profile:'personal',personal:null},onState(){},onRecording(r){states.push(r)},onEnded(){}});
</script></body></html>`;
declare const window: PlayerWindow & { recorder: { stop(): void }; states: string[] } & typeof globalThis;

type Bundle = {
	decodePayload(bytes: Uint8Array): BlockPayload;
	clockOf(payload: BlockPayload): PageClock;
	PageReader: new (clock: PageClock) => {
		read(batch: { header: Received; bytes: Uint8Array }): RecordedEvent[];
	};
	Projector: new (
		stage: HTMLElement,
		onSize: () => void
	) => { show(events: RecordedEvent[]): void; document: Document; destroy(): void };
};

let hub: RecorderHub;
let browser: Browser;

beforeAll(async () => {
	const scripts = {
		'/recorder.js': await bundleForBrowser({
			source: "export { startRecorder } from './recorder/index.ts';"
		}),
		'/player.js': await bundleForBrowser({ source: PLAYER_BUNDLE })
	};
	hub = await startRecorderHub({
		pages: { '/': recorded, '/player': playerPage('width:600px;height:400px') },
		scripts
	});
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await hub.close();
});

const open = (): Promise<Page> => openPlayer(browser, `${hub.origin}/player`);
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

describe('live', () => {
	it('shows a page in another browser as it changes: elements, typing, scroll', async () => {
		const watched = await browser.newPage();
		await watched.goto(`${hub.origin}/`);
		const viewer = await open();
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
		const viewer = await open();
		await call(viewer, 'startLive');
		await give(viewer, head(0), encodeBatch(picture(50_000, 'first')));
		await give(viewer, head(1), encodeBatch([say(10, 'late')]));
		await give(viewer, head(2), encodeBatch([say(60_000, 'after it')]));
		expect(await text(viewer)).toContain('after it');
	});
	it('shows nothing more in a tab that is hidden, and asks for a fresh start once it is seen', async () => {
		const viewer = await open();
		await call(viewer, 'startLive');
		await give(viewer, head(0), encodeBatch(picture(1, 'first')));
		const turn = (state: string) =>
			viewer.evaluate((to) => {
				Object.defineProperty(document, 'visibilityState', { value: to, configurable: true });
				document.dispatchEvent(new Event('visibilitychange'));
			}, state);
		await turn('hidden');
		await give(viewer, head(1), encodeBatch([say(2, 'unseen')]));
		expect(await text(viewer)).toContain('first');
		await turn('visible');
		expect((await log(viewer)).rejoin).toEqual(['hidden']);
		await call(viewer, 'reset');
		await give(viewer, head(4), encodeBatch(picture(9, 'now')));
		expect(await text(viewer)).toBe('now');
	});
	it('ignores duplicates, asks to rejoin after a hole, and keeps the last picture until the next', async () => {
		const viewer = await open();
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

const T = 1_000_000;
const filmOf = (pages: Record<string, RecordedEvent[]>, options: Partial<FilmOptions> = {}): MadeFilm =>
	makeFilm(pages, { startAt: T, endAt: T + 3_000, spanMs: 1_000, ...options });
/** Four batches a second, somebody types every second. */
const list = (lengthMs: number): RecordedEvent[] => [
	...firstPicture(T),
	...Array.from({ length: lengthMs / 250 }, (_, seq) => listGrows(seq + 1, T + (seq + 1) * 250)).flat()
];
const hasEnded = (viewer: Page) => until('the end', async () => (await log(viewer)).state.includes('ended'));

describe('a seek', () => {
	it('shows any moment, exactly onto a snapshot too, forwards and backwards', async () => {
		const viewer = await open();
		const events = [
			...picture(T, 'zero'),
			say(T + 500, 'half'),
			...picture(T + 1_000, 'one'),
			say(T + 2_000, 'two')
		];
		await openFilm(viewer, filmOf({ a: events }));
		for (const [ms, shown] of [
			[0, 'zero'],
			[500, 'half'],
			[999, 'half'],
			[1_000, 'one'],
			[2_500, 'two'],
			[499, 'zero']
		] as const) {
			await seekTo(viewer, ms);
			expect([ms, await text(viewer)]).toEqual([ms, expect.stringContaining(shown)]);
		}
		expect((await log(viewer)).time.at(-1)).toBe(499);
	});
	it('at random equals a screen that was given all from the beginning', async () => {
		const viewer = await open();
		const film = filmOf({ a: list(120_000) }, { endAt: T + 120_000, spanMs: 10_000 });
		await openFilm(viewer, film);
		let random = 7;
		for (let round = 0; round < 8; round++) {
			random = (random * 48_271) % 2_147_483_647;
			const ms = random % 120_000;
			await seekTo(viewer, ms);
			const [ours, all] = await viewer.evaluate(
				([until, blocks]) => {
					const { outline, store, inner } = window;
					const stage = document.createElement('div');
					document.body.append(stage);
					const { decodePayload, clockOf, PageReader, Projector } = (window as never as { bundle: Bundle })
						.bundle;
					const projector = new Projector(stage, () => undefined);
					const reader = new PageReader(clockOf(decodePayload(store.blocks[blocks[0]!]!)));
					for (const id of blocks)
						for (const { bytes, ...header } of decodePayload(store.blocks[id]!).batches)
							projector.show(reader.read({ header, bytes }).filter(({ timestamp }) => timestamp <= until));
					const both = [outline(inner()), outline(projector.document)];
					projector.destroy();
					stage.remove();
					return both;
				},
				[T + ms, [...film.blocks.keys()]] as const
			);
			expect(ours).toBe(all);
			expect(ours).toContain(`Invoice ${Math.floor(ms / 250)} of`);
		}
	});
	it('reads one block; while it is read and drawn, the last picture stays', async () => {
		const viewer = await open();
		await openFilm(viewer, filmOf({ a: list(60_000) }, { endAt: T + 60_000, spanMs: 10_000 }), 5_000);
		const begun = await reads(viewer);
		expect([begun[0], begun.length]).toEqual(['a-0', 2]);
		const words = await viewer.evaluate(async () => {
			const { screenText, player, log: told } = window;
			const seen: string[] = [];
			told.loading.length = 0;
			player.seek!(45_000);
			for (let last = ''; last !== 'none'; last = told.loading.at(-1) ?? '') {
				seen.push(screenText());
				await new Promise((resolve) => setTimeout(resolve, 0));
			}
			return [...seen, screenText()];
		});
		expect(words.every((shown) => shown.includes('Invoice') && !shown.includes('|'))).toBe(true);
		expect(words.at(-1)).toContain('Invoice 180 of');
		// The one after it is fetched once the picture is there.
		expect(await reads(viewer)).toEqual(['a-4', 'a-5']);
	});
	it('finds a block that was merged meanwhile, and leaves out one that is damaged', async () => {
		const viewer = await open();
		const film = filmOf({ a: list(60_000) }, { endAt: T + 60_000, spanMs: 10_000 });
		await openFilm(viewer, film);
		const merged = filmOf({ a: list(60_000) }, { endAt: T + 60_000, spanMs: 30_000 });
		const blocks = new Map([...merged.blocks].map(([id, bytes]) => [`merged-${id}`, bytes]));
		const [page] = merged.index.pages;
		const renamed = page!.blocks.map((block) => ({ ...block, id: `merged-${block.id}` }));
		await stock(viewer, {
			...merged,
			blocks,
			index: { ...merged.index, pages: [{ ...page!, blocks: renamed }] }
		});
		await seekTo(viewer, 45_000);
		expect(await text(viewer)).toContain('Invoice 180 of');
		expect((await log(viewer)).damaged).toEqual([]);
		await viewer.evaluate(() => (window.store.blocks = {}));
		await seekTo(viewer, 20_000);
		await until('told', async () => (await log(viewer)).picture.at(-1) === false);
		expect((await log(viewer)).damaged).toHaveLength(1);
	});
	it('that fails says so, keeps the picture, and goes on once it is tried again', async () => {
		const viewer = await open();
		await openFilm(viewer, filmOf({ a: list(60_000) }, { endAt: T + 60_000, spanMs: 10_000 }));
		await viewer.evaluate(() => (window.store.isDown = true));
		await seekTo(viewer, 45_000);
		expect((await log(viewer)).loading.at(-1)).toBe('failed');
		expect(await text(viewer)).toContain('Task 0');
		await viewer.evaluate(() => (window.store.isDown = false));
		await call(viewer, 'retry');
		await settled(viewer);
		expect(await text(viewer)).toContain('Invoice 180 of');
	});
});

describe('playing', () => {
	it('goes on through pages and gaps to the end, and starts over from there', async () => {
		const viewer = await open();
		const b = [...picture(T + 1_500, 'page b'), say(T + 2_500, 'b changed')];
		await openFilm(viewer, filmOf({ a: picture(T, 'page a'), b }));
		await call(viewer, 'setSpeed', 8);
		await call(viewer, 'play');
		await hasEnded(viewer);
		expect(await text(viewer)).toContain('b changed');
		const { time, state } = await log(viewer);
		expect([time.at(-1), state]).toEqual([3_000, ['playing', 'ended']]);
		expect(time.toSorted((x, y) => x - y)).toEqual(time);
		// Slow enough that the first page is still there when the pause is asked for.
		await call(viewer, 'setSpeed', 0.5);
		await call(viewer, 'play');
		await call(viewer, 'pause');
		await settled(viewer);
		expect(await text(viewer)).toContain('page a');
	});
	it('never shows an empty screen or two at once, over blocks and from tab to tab', async () => {
		const viewer = await open();
		const a = [...list(12_000), click(T + 9_000)].toSorted((x, y) => x.timestamp - y.timestamp);
		const b = [...picture(T + 4_000, 'tab b'), click(T + 6_000), say(T + 7_500, 'b moved')];
		await openFilm(
			viewer,
			filmOf({ a: a.filter(({ data }) => (data as Loose).source !== 5), b }, { endAt: T + 12_000 })
		);
		const seen = await viewer.evaluate(async () => {
			const { player, log: told, screenText } = window;
			const words = new Set<string>();
			let most = 0;
			player.setSpeed!(16);
			player.play!();
			while (!told.state.includes('ended')) {
				await new Promise((resolve) => requestAnimationFrame(resolve));
				const shown = screenText();
				words.add(
					shown.includes('tab b') || shown.includes('b moved') ? 'b' : shown.includes('Task 0') ? 'a' : shown
				);
				most = Math.max(most, window.layers().length);
			}
			return { words: [...words], most, loading: told.loading };
		});
		expect(seen.words).toEqual(['a', 'b']);
		expect(seen.most).toBeLessThanOrEqual(3);
		expect(await text(viewer)).toContain('Invoice 48 of');
	});
	it('shows of two tabs the one somebody last acted on', async () => {
		const viewer = await open();
		const a = [...picture(T, 'tab a'), click(T + 2_000)];
		const b = [...picture(T + 1_000, 'tab b'), say(T + 2_900, 'b moved')];
		await openFilm(viewer, filmOf({ a, b }));
		for (const [ms, shown] of [
			[500, 'tab a'],
			[1_500, 'tab b'],
			[2_950, 'tab a']
		] as const) {
			await seekTo(viewer, ms);
			expect(await text(viewer)).toContain(shown);
		}
	});
	it('skips long stretches in which nobody acts', async () => {
		const viewer = await open();
		const events = [...picture(T, 'start'), click(T + 100), click(T + 600_000)];
		await openFilm(viewer, filmOf({ a: events }, { endAt: T + 600_500 }));
		await call(viewer, 'setSkipInactivity', true);
		await call(viewer, 'setSpeed', 16);
		await call(viewer, 'play');
		await hasEnded(viewer);
	});
	it('of a recording that still runs goes on into what is not sealed yet, and from there into new blocks', async () => {
		const viewer = await open();
		const events = [
			...picture(T, 'first'),
			say(T + 900, 'sealed'),
			say(T + 1_900, 'rest'),
			say(T + 6_000, 'newer')
		];
		const early = events.filter(({ timestamp }) => timestamp < T + 2_000);
		const running = { isRunning: true, endAt: T + 2_000, sealedUntil: T + 1_000 };
		await openFilm(viewer, filmOf({ a: early }, running), 1_950);
		expect(await text(viewer)).toContain('rest');
		await stock(viewer, filmOf({ a: events }, { endAt: T + 6_500 }));
		await call(viewer, 'setSpeed', 16);
		await call(viewer, 'play');
		await hasEnded(viewer);
		expect(await text(viewer)).toContain('newer');
		expect((await log(viewer)).damaged).toEqual([]);
	});
	it('plays what is left of a damaged block and says so', async () => {
		const viewer = await open();
		const film = filmOf({ a: [...picture(T, 'whole'), say(T + 500, 'torn'), say(T + 900, 'after it')] });
		const bytes = film.blocks.get('a-0')!;
		// The opening bracket of the second batch.
		bytes[Buffer.from(bytes).indexOf('[{"type":3,"timestamp"')] = 0;
		await openFilm(viewer, film, 2_000);
		expect(await text(viewer)).toContain('after it');
		expect((await log(viewer)).damaged).toEqual([{ pageId: 'a', batches: 1 }]);
	});
});

it('shows unmasked words in the picture there is, after a seek into another block, and while playing on', async () => {
	const viewer = await open();
	const masked = '████';
	const events = [
		...picture(T, masked),
		say(T + 500, masked),
		say(T + 1_800, masked),
		say(T + 2_500, masked)
	];
	await openFilm(viewer, filmOf({ a: events }), 600);
	expect(await text(viewer)).toContain(masked);
	await call(viewer, 'unmask', 'a', [
		[T, 11, 't', 'Bea'],
		[T + 500, 11, 't', 'Bea Baker'],
		[T + 2_500, 11, 't', 'Nina']
	]);
	await settled(viewer);
	expect(await text(viewer)).toBe('Bea Baker');
	await seekTo(viewer, 1_500);
	expect(await text(viewer)).toBe('Bea Baker');
	await call(viewer, 'play');
	await hasEnded(viewer);
	expect(await text(viewer)).toBe('Nina');
	await seekTo(viewer, 0);
	expect(await text(viewer)).toBe('Bea');
});

it('scales the recorded viewport to its frame and centres it', async () => {
	const viewer = await open();
	await openFilm(viewer, filmOf({ a: picture(T, 'x') }));
	const box = await viewer.locator('.recorder-stage').boundingBox();
	expect(box).toEqual({ x: expect.closeTo(33, 0), y: 0, width: expect.closeTo(533, 0), height: 400 });
});
