// What a page recorded outlives its tab, its line and the hub's memory, in a real browser; nothing of it lies readable in
// any store of that browser meanwhile; and what kept the page silent is said in the recording.
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVENT } from '#recorder/format/events.ts';
import { launchChromium } from '#support/chromium.ts';
import {
	copies,
	counted,
	countingPage,
	expectCounted,
	isLive,
	storedText,
	stretches,
	ticketOf
} from '#support/recorded-page.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, until, type RecorderHub } from '#support/recorder-hub.ts';

let hub: RecorderHub;
let browser: Browser;
let bundle: string;
let context: BrowserContext;

beforeAll(async () => {
	bundle = await bundleForBrowser({ source: "export { startRecorder } from './recorder/index.ts';" });
	browser = await launchChromium();
});
beforeEach(async () => {
	hub = await startRecorderHub({ pages: { '/': countingPage(10) }, scripts: { '/recorder.js': bundle } });
	context = await browser.newContext();
});
afterEach(async () => {
	await context.close();
	await hub.close();
});
afterAll(() => browser.close());

const open = async (): Promise<Page> => {
	const page = await context.newPage();
	await page.goto(hub.origin);
	await isLive(page);
	return page;
};
const count = (page: Page): Promise<number> => page.locator('#count').innerText().then(Number);

describe('batches of a tab that crashed', () => {
	it('are delivered by a sibling tab within the lease, as far as they were copied [R17]', async () => {
		const sibling = await open();
		const page = await open();
		const ticket = await ticketOf(page);
		hub.answers.isMute = true;
		await page.waitForTimeout(700);
		const [known, last] = [counted(hub, ticket).at(-1) ?? 0, await count(page)];
		// Until that is copied, which is done four times a second and takes its time.
		await page.waitForTimeout(600);
		const crashed = page.waitForEvent('crash');
		const protocol = await context.newCDPSession(page);
		protocol.send('Page.crash').catch(() => undefined);
		await crashed;
		hub.answers.isMute = false;
		const since = Date.now();
		// The last quarter of a second may be gone with the tab; it was never acknowledged.
		const copied = Math.max(known + 1, last - 80);
		await expectCounted(hub, ticket, copied);
		expect(Date.now() - since).toBeLessThan(15_000);
		await sibling.close();
	});
	it('are delivered by the next page when no other was open', async () => {
		const page = await open();
		const ticket = await ticketOf(page);
		hub.answers.isMute = true;
		await page.waitForTimeout(400);
		const last = await count(page);
		await page.close({ runBeforeUnload: false });
		hub.answers.isMute = false;
		await open();
		await expectCounted(hub, ticket, last);
	});
});

describe('a hub that lost what it had acknowledged', () => {
	it('is sent it again: `got` may go back [R13]', async () => {
		const page = await open();
		const ticket = await ticketOf(page);
		await until('some batches', () => hub.batchesOf(ticket).length > 5);
		hub.forget(ticket, 4);
		await expectCounted(hub, ticket, await count(page));
		expect(hub.eventsOf(ticket).filter(({ type }) => type === EVENT.fullSnapshot)).toHaveLength(1);
	});
	it('asks for a snapshot and gets one, once [R15]', async () => {
		const page = await open();
		const ticket = await ticketOf(page);
		for (const socket of hub.sockets.values()) socket.emit('record:snapshot', { why: 'unsure' });
		const snapshots = () => hub.eventsOf(ticket).filter(({ type }) => type === EVENT.fullSnapshot);
		await until('a second snapshot', () => snapshots().length === 2);
		expect(await count(page)).toBeGreaterThan(0);
	});
});

describe('copies in the browser', () => {
	it('hold nothing readable of the page, nor its ticket, in any store [R14]', async () => {
		const page = await open();
		const ticket = await ticketOf(page);
		hub.answers.isMute = true;
		await page.locator('#field').pressSequentially('rosebud plain text');
		await page.waitForTimeout(400);
		await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
		const stored = await storedText(page);
		expect((await copies(page)).length).toBeGreaterThan(1);
		expect(await page.evaluate(() => Object.keys(sessionStorage).length)).toBe(1);
		expect(stored.length).toBeGreaterThan(1_000);
		for (const plain of ['rosebud', 'plain text', 'timestamp', 'filler', '"ticket"', hub.answers.storeKey])
			expect(stored).not.toContain(plain);
		hub.answers.isMute = false;
		hub.cut();
		await until('what was typed arrives', () =>
			JSON.stringify(hub.eventsOf(ticket)).includes('rosebud plain')
		);
	});
	it('are wiped by the first page of another impersonation, and at the end', async () => {
		const page = await open();
		hub.answers.isMute = true;
		await until('copies', async () => (await copies(page)).length > 0);
		const [old] = await copies(page);
		await page.close();
		hub.answers.storeKey = Buffer.alloc(32, 7).toString('base64');
		const next = await context.newPage();
		await next.goto(hub.origin);
		await until('copies under the new key alone', async () => {
			const names = await copies(next);
			return names.length > 0 && !names.includes(old ?? '');
		});
		for (const socket of hub.sockets.values()) socket.emit('session:ended', { reason: 'supervisor' });
		await until('all copies are gone', async () => (await copies(next)).length === 0);
	});
});

describe('what kept a page silent', () => {
	it('is said in the recording: offline, hidden and frozen, with how long', async () => {
		const page = await open();
		const ticket = await ticketOf(page);
		await context.setOffline(true);
		hub.cut();
		await page.waitForTimeout(300);
		await context.setOffline(false);
		await isLive(page);
		// A headless tab is never hidden, and only hidden ones are frozen: the events are the page's own.
		await page.evaluate(() => {
			Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' });
			for (const name of ['visibilitychange', 'freeze', 'resume']) document.dispatchEvent(new Event(name));
			Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'visible' });
			document.dispatchEvent(new Event('visibilitychange'));
		});
		const said = () => stretches(hub, ticket).map(({ what, state }) => `${what} ${state}`);
		await until('all marks', () => said().includes('hidden ends'));
		expect(said()).toEqual([
			'offline begins',
			'offline ends',
			'hidden begins',
			'frozen begins',
			'frozen ends',
			'hidden ends'
		]);
		expect(
			stretches(hub, ticket).find(({ what, state }) => what === 'offline' && state === 'ends')?.ms
		).toBeGreaterThan(250);
		await expectCounted(hub, ticket, await count(page));
	});
	it('is no clock that was set: each batch says by which setting it was stamped [R16]', async () => {
		const page = await open();
		const ticket = await ticketOf(page);
		for (const skew of [3_600_000, -3_600_000]) {
			await page.evaluate((ms) => Object.assign(window, { skew: ms }), skew);
			await page.waitForTimeout(300);
		}
		await expectCounted(hub, ticket, await count(page));
		const ahead = hub.clocksOf(ticket).map(({ wall, mono }) => Math.round((wall - mono) / 3_600_000));
		expect([...new Set(ahead)]).toEqual([0, 1, -1]);
	});
});
