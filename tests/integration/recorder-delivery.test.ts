// The recorder in a real browser against lost connections, hard reloads and a mute hub: what was seen before the page
// went must arrive, once and in order.
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EVENT } from '#recorder/format/events.ts';
import { launchChromium } from '#support/chromium.ts';
import { copies, countingPage, expectCounted, isLive, lastCounts } from '#support/recorded-page.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, until, type RecorderHub } from '#support/recorder-hub.ts';

declare const window: { states: string[]; recorder: { stop(): void } } & typeof globalThis;

let hub: RecorderHub;
let browser: Browser;
let bundle: string;

beforeAll(async () => {
	bundle = await bundleForBrowser({ source: "export { startRecorder } from './recorder/index.ts';" });
	hub = await startRecorderHub({
		pages: { '/': countingPage(10), '/large': countingPage(60_000) },
		scripts: { '/recorder.js': bundle }
	});
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await hub.close();
});

afterEach(() => {
	hub.answers.isMute = false;
});

const open = async (path = '/'): Promise<Page> => {
	const page = await (await browser.newContext()).newPage();
	await page.goto(hub.origin + path);
	return page;
};
async function expectAllCounted(page: Page): Promise<void> {
	for (const [ticket, last] of await lastCounts(page)) await expectCounted(hub, ticket, last);
}

describe('delivery from a real page', () => {
	it('loses nothing over hard reloads, delivering for the page before', async () => {
		const page = await open();
		for (let reload = 0; reload < 6; reload++) {
			await isLive(page);
			await page.waitForTimeout(60 + reload * 15);
			await page.reload();
		}
		await isLive(page);
		expect(await lastCounts(page)).toHaveLength(6);
		await expectAllCounted(page);
		await page.close();
	});
	it('delivers after a reload what the hub did not answer before, and keeps copies until it is safe', async () => {
		const page = await open();
		await isLive(page);
		hub.answers.isMute = true;
		await page.waitForTimeout(300);
		await page.reload();
		expect(await copies(page)).not.toEqual([]);
		hub.answers.isMute = false;
		hub.cut();
		await expectAllCounted(page);
		expect(await copies(page)).not.toEqual([]);
		await page.close();
	});
	it('copies more than sessionStorage should hold to IndexedDB alone', async () => {
		hub.answers.isMute = true;
		const page = await open('/large');
		// The picture of it is what is recorded first, and takes its time.
		await until('its first copy', async () => (await copies(page)).length > 0, 30_000);
		await page.waitForTimeout(1_500);
		await page.goto(`${hub.origin}/`);
		expect(await page.evaluate(() => JSON.stringify(sessionStorage).length)).toBeLessThan(500_000);
		hub.answers.isMute = false;
		hub.cut();
		const [[ticket]] = (await lastCounts(page)) as [[string, number]];
		await until('the large snapshot arrives', () =>
			hub.eventsOf(ticket).some(({ type }) => type === EVENT.fullSnapshot)
		);
		expect(Math.max(...hub.batchesOf(ticket).map(({ length }) => length))).toBeGreaterThan(2e6);
		await page.close();
	});
	it('reconnects by itself after every cut and is live again', async () => {
		const page = await open();
		for (let cut = 0; cut < 4; cut++) {
			await isLive(page);
			const known = await page.evaluate(() => window.states.length);
			hub.cut();
			await until('noticed', () =>
				page.evaluate((from) => window.states.slice(from).includes('connecting'), known)
			);
		}
		await isLive(page);
		await page.reload();
		await expectAllCounted(page);
		await page.close();
	});
	it('answers the beat with the wall clock of the page', async () => {
		const page = await open();
		await isLive(page);
		const [socket] = [...hub.sockets.values()].slice(-1);
		const { wall } = (await socket!.timeout(2_000).emitWithAck('beat:ask')) as { wall: number };
		expect(Math.abs(wall - Date.now())).toBeLessThan(1_000);
		await page.close();
	});
	it('gives the page its own errors back and goes on recording', async () => {
		const page = await open();
		await isLive(page);
		const error = await page.evaluate(() => {
			const style = document.head.appendChild(document.createElement('style'));
			try {
				style.sheet?.insertRule('not a rule');
				return 'swallowed';
			} catch (caught) {
				return (caught as Error).name;
			}
		});
		expect(error).toBe('SyntaxError');
		expect(await page.evaluate(() => window.states)).not.toContain('stopped fault');
		await page.close();
	});
	it('stops once and says so when it fails itself, and the page goes on', async () => {
		const page = await open();
		await isLive(page);
		const errors: string[] = [];
		page.on('pageerror', (error) => errors.push(error.message));
		await page.evaluate(() => {
			const stringify = JSON.stringify;
			JSON.stringify = () => {
				throw new Error('broken by the page');
			};
			setTimeout(() => (JSON.stringify = stringify), 50);
		});
		await until('stopped', () => page.evaluate(() => window.states.includes('stopped fault')));
		const count = () => page.evaluate(() => Number(document.getElementById('count')?.textContent));
		const before = await count();
		await until('the page goes on', async () => (await count()) > before + 5);
		expect(await page.evaluate(() => window.states.filter((it) => it.startsWith('stopped')))).toHaveLength(1);
		expect(errors).toEqual([]);
		await page.close();
	});
});

describe('what a recorded page downloads', () => {
	it('is at most 50 KB gzip, holds no player, no postcss and no schema library', () => {
		expect(gzipSync(bundle).length).toBeLessThanOrEqual(50_000);
		for (const sign of ['replayer-wrapper', 'CssSyntaxError', 'ZodError', 'invalid_type'])
			expect(bundle).not.toContain(sign);
	});
});
