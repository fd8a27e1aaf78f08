// What a wall of a hundred running sessions costs whoever watches it: the share of a core that their whole browser takes while nothing
// moves, and what comes over the line while twenty are worked in. Real pages' messages, through the whole product.
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { launchChromium } from '#support/chromium.ts';
import { rounded, type Figure } from './figure.ts';
import { signIn, startProduct } from './live-product.ts';
import { makeWallFolder, WallPage, type WallFolder } from './wall-sessions.ts';
import { readWorkload } from './workload.ts';

const PORT = 4395;
const SESSIONS = 100;
const ACTIVE = 20;
const STILL_MS = 30_000;
const ACTIVE_MS = 60_000;
/** How often a page in which somebody works sends its wireframe. */
const STEP_MS = 2_000;
/** Tiles are drawn, pictures of the page loaded. */
const SETTLE_MS = 5_000;

/** The same numbers in each run. */
function randomNumbers(): () => number {
	let state = 7;
	return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** CPU seconds of all processes of the browser so far. */
async function cpuOf(browser: Browser): Promise<number> {
	const protocol = await browser.newBrowserCDPSession();
	const { processInfo } = await protocol.send('SystemInfo.getProcessInfo');
	await protocol.detach();
	return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Per cent of one core while this takes place. */
async function shareDuring(browser: Browser, work: () => Promise<unknown>): Promise<number> {
	const [from, cpu] = [performance.now(), await cpuOf(browser)];
	await work();
	return (((await cpuOf(browser)) - cpu) / ((performance.now() - from) / 1_000)) * 100;
}

/** Bytes of all messages that the page's sockets were sent since. */
async function countReceived(page: Page): Promise<() => number> {
	const protocol = await page.context().newCDPSession(page);
	let bytes = 0;
	protocol.on('Network.webSocketFrameReceived', ({ response }) => (bytes += response.payloadData.length));
	await protocol.send('Network.enable');
	return () => bytes;
}

async function openWall(page: Page, address: string, tiles: number): Promise<void> {
	await page.goto(address);
	const shown = page.getByRole('link', { name: /, Colleague \d/ });
	while ((await shown.count()) !== tiles) await delay(100);
	await delay(SETTLE_MS);
}

type Measured = { empty: number; still: number; active: number; received: number };

async function measure({ dataDir, pages }: WallFolder): Promise<Measured> {
	const product = await startProduct(PORT, dataDir);
	const browser = await launchChromium();
	const random = randomNumbers();
	const recorded: WallPage[] = [];
	try {
		for (const page of pages) recorded.push(await WallPage.open(PORT, product.portal, page));
		for (const page of recorded) await page.show(random);
		const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
		await signIn(page, product, 'sofia@northwind.test');
		await openWall(page, `${product.agency}/live?q=nobody`, 0);
		const empty = await shareDuring(browser, () => delay(STILL_MS));
		const received = await countReceived(page);
		await openWall(page, `${product.agency}/live`, SESSIONS);
		const still = await shareDuring(browser, () => delay(STILL_MS));
		const before = received();
		const active = await shareDuring(browser, async () => {
			for (const end = performance.now() + ACTIVE_MS; performance.now() < end;) {
				const next = performance.now() + STEP_MS;
				await Promise.all(recorded.slice(0, ACTIVE).map((one) => one.work(random)));
				await delay(Math.max(0, next - performance.now()));
			}
		});
		return { empty, still, active, received: received() - before };
	} finally {
		for (const one of recorded) one.close();
		await browser.close();
		await product.close();
	}
}

/** What the same pages record in a minute of work, MB. */
const recordedInAMinute = (): number =>
	readWorkload(60).reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6;

export async function run(): Promise<Figure[]> {
	const folder = await makeWallFolder(SESSIONS);
	try {
		const { empty, still, active, received } = await measure(folder);
		const share = (figure: string, ours: number): Figure => ({
			figure,
			unit: '% of a core',
			ours: rounded(ours),
			baseline: rounded(empty),
			baselineName: 'the same page with all sessions filtered out, whole browser',
			ratio: rounded(ours / empty)
		});
		const [ours, baseline] = [received / 1e6 / (ACTIVE_MS / 60_000), ACTIVE * recordedInAMinute()];
		return [
			share('wall-cpu-still', still),
			share('wall-cpu-active', active),
			{
				figure: 'wall-received',
				unit: 'MB/min',
				ours: rounded(ours),
				baseline: rounded(baseline),
				baselineName: `what ${ACTIVE} such pages record, sent to a Replayer for each`,
				ratio: rounded(ours / baseline)
			}
		];
	} finally {
		await rm(folder.dataDir, { recursive: true, force: true });
	}
}
