// The recorder in a real browser against lost connections, hard reloads and a mute hub: what was seen before the page
// went must arrive, once and in order.
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT, SOURCE, type Loose } from '#recorder/format/events.ts';
import { launchChromium } from '#support/chromium.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, until, type RecorderHub } from '#support/recorder-hub.ts';

const html = (filler: number) => `<!doctype html><html><body><p id="count">0</p>
<div>${'<i>filler</i>'.repeat(filler)}</div><script src="/recorder.js"></script><script>
const ticket='t'+performance.timeOrigin;window.states=[];
window.recorder=bundle.startRecorder({ticket,pageId:ticket,onState(){},onRecording(r,why){states.push(why?r+' '+why:r)},onEnded(){}});
let n=0;setInterval(()=>{count.textContent=++n},5);
addEventListener('pagehide',()=>{localStorage.setItem(ticket,n)},true);
</script></body></html>`;

declare const window: { states: string[]; recorder: { stop(): void } } & typeof globalThis;

let hub: RecorderHub;
let browser: Browser;
let bundle: string;

beforeAll(async () => {
	bundle = await bundleForBrowser({ source: "export { startRecorder } from './recorder/index.ts';" });
	hub = await startRecorderHub({
		pages: { '/': html(10), '/large': html(60_000) },
		scripts: { '/recorder.js': bundle }
	});
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await hub.close();
});

const open = async (path = '/'): Promise<Page> => {
	const page = await (await browser.newContext()).newPage();
	await page.goto(hub.origin + path);
	return page;
};
const isLive = (page: Page) => until('live', () => page.evaluate(() => window.states.at(-1) === 'live'));

/** Every value the counter had on the page, as far as the hub knows. */
function counted(ticket: string): number[] {
	return hub.eventsOf(ticket).flatMap(({ type, data }) => {
		const mutation = data as { source: number; texts?: Loose[]; adds?: { node: Loose }[] };
		if (type !== EVENT.incremental || mutation.source !== SOURCE.mutation) return [];
		const texts = [
			...(mutation.texts ?? []).map(({ value }) => value),
			...(mutation.adds ?? []).map(({ node }) => node.textContent)
		];
		return texts.filter((value) => typeof value === 'string' && /^\d+$/.test(value)).map(Number);
	});
}

/** What each page that is gone had counted to when it went. */
const lastCounts = async (page: Page): Promise<[string, number][]> =>
	(await page.evaluate(() => Object.entries(localStorage))).map(([ticket, count]) => [ticket, Number(count)]);

async function expectAllCounted(page: Page): Promise<void> {
	for (const [ticket, last] of await lastCounts(page)) {
		await until(
			`page ${ticket} delivered to ${last}, has ${counted(ticket).at(-1)}`,
			() => (counted(ticket).at(-1) ?? 0) >= last
		);
		const values = counted(ticket);
		expect(new Set(values).size).toBe(values.length);
		expect(values.at(-1)! - values[0]!).toBe(values.length - 1);
	}
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
	it('delivers after a reload what the hub did not answer before, and wipes the copy', async () => {
		const page = await open();
		await isLive(page);
		hub.answers.isMute = true;
		await page.waitForTimeout(300);
		await page.reload();
		expect(await page.evaluate(() => Object.keys(sessionStorage).length)).toBe(1);
		hub.answers.isMute = false;
		hub.cut();
		await expectAllCounted(page);
		await until('the copy is wiped', () => page.evaluate(() => Object.keys(sessionStorage).length === 0));
		await page.close();
	});
	it('hands more than sessionStorage should hold over through IndexedDB', async () => {
		hub.answers.isMute = true;
		const page = await open('/large');
		await page.waitForTimeout(1_500);
		await page.goto(`${hub.origin}/`);
		expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
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
			hub.cut();
			await until('noticed', () => page.evaluate(() => window.states.at(-1) === 'connecting'));
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
