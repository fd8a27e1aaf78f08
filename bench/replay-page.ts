// How soon a replay is usable for whoever opens a link to a moment of it, ten thousand recordings beside it: until its first picture is painted,
// and until Play plays. Through the whole product, in a real browser, each time as a document of its own. Eight hours are compared with ten
// minutes, and Play with one Replayer that is given all of the ten minutes.
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { launchChromium } from '#support/chromium.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { percentile, rounded, type Figure } from './figure.ts';
import { signIn, startProduct, type Product } from './live-product.ts';
import { makeReplayFolder, type ReplayFolder } from './replay-recordings.ts';
import { serve, wholeOf } from './seek-film.ts';

const OPENINGS = 40;
const GIVEN_UP_MS = 60_000;
const PORT = 4393;
const MINUTES = { short: 10, long: 8 * 60 } as const;

/**
 * In every frame: notes when the player's picture is painted, and presses Play until it plays, as an impatient person does. Times are of the
 * navigation's start; frames of one page share its clock.
 */
const NOTE = `(() => {
	const now = () => performance.timeOrigin + performance.now();
	const look = () => {
		const shown = location.hostname.startsWith('replay.') && document.querySelector('iframe')?.contentDocument?.body;
		if (shown && shown.childElementCount > 0 && !window.pictureAt)
			return void requestAnimationFrame(() => setTimeout(() => (window.pictureAt = now())));
		const play = [...document.querySelectorAll('button')].find((b) => /^(Play|Pause)$/.test(b.textContent.trim()));
		if (play?.textContent.trim() === 'Play' && !play.disabled) play.click();
		if (play?.textContent.trim() === 'Pause') return void (window.playsAt ??= now());
		setTimeout(look, 5);
	};
	look();
})()`;

type Opened = { picture: number; plays: number };

/** The same moments in each run. */
function* moments(count: number, minutes: number): Generator<number> {
	let random = 11;
	for (let n = 0; n < count; n += 1) {
		random = (random * 48_271) % 2_147_483_647;
		yield random % (minutes * 60_000 - 30_000);
	}
}

/** What the note wrote down, as soon as it has. Asked from outside: the page's policy forbids to evaluate words in it. */
async function noted(frame: Pick<Page, 'evaluate'>, name: 'playsAt' | 'pictureAt'): Promise<number> {
	for (const until = Date.now() + GIVEN_UP_MS; Date.now() < until; await delay(25)) {
		const value = await frame.evaluate(`window.${name}`);
		if (value !== undefined) return Number(value);
	}
	throw new Error(`the page had no ${name} after ${GIVEN_UP_MS} ms`);
}

async function openAt(page: Page, address: string): Promise<Opened> {
	await page.goto(address, { waitUntil: 'commit' });
	const start = await page.evaluate('performance.timeOrigin');
	const plays = await noted(page, 'playsAt');
	const frame = page.frames().find((one) => new URL(one.url()).hostname.startsWith('replay.'));
	if (!frame) throw new Error('the player’s frame is gone');
	return { plays: plays - Number(start), picture: (await noted(frame, 'pictureAt')) - Number(start) };
}

async function openings(
	context: BrowserContext,
	{ agency }: Product,
	id: string,
	minutes: number
): Promise<Opened[]> {
	const times: Opened[] = [];
	const page = await context.newPage();
	for (const ms of moments(OPENINGS + 2, minutes)) {
		times.push(await openAt(page, `${agency}/recordings/${id}?t=${ms}`));
		await page.goto('about:blank');
	}
	await page.close();
	// The first two fill the browser's cache and the server's.
	return times.slice(2);
}

const WHOLE = `<!doctype html><html><body><div id="root"></div><script src="/player.js"></script><script>
(async () => { const events = await (await fetch('/whole')).json();
const replayer = new bundle.Replayer(events, { root, triggerFocus: false, mouseTail: false, showWarning: false });
replayer.play(Number(location.hash.slice(1)));
requestAnimationFrame(() => setTimeout(() => (window.playsAt = performance.now()))); })();
</script></body></html>`;

/** One Replayer with all of the ten minutes, from a server that does nothing but hand the file out. */
async function wholeTimes(context: BrowserContext): Promise<number[]> {
	const player = await bundleForBrowser({ source: `export { Replayer } from 'rrweb';` });
	const served = await serve(
		{
			'/': { type: 'text/html', body: WHOLE },
			'/player.js': { type: 'text/javascript', body: player },
			'/whole': { type: 'application/json', body: wholeOf(MINUTES.short / 60), packed: true }
		},
		{}
	);
	try {
		const times: number[] = [];
		const page = await context.newPage();
		for (const ms of moments(OPENINGS / 4, MINUTES.short)) {
			await page.goto(`${served.origin}/#${ms}`);
			times.push(await noted(page, 'playsAt'));
			await page.goto('about:blank');
		}
		await page.close();
		return times;
	} finally {
		served.close();
	}
}

async function measure({ dataDir, ...ids }: ReplayFolder) {
	const product = await startProduct(PORT, dataDir);
	const browser = await launchChromium();
	try {
		const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
		const whole = await wholeTimes(context);
		const page = await context.newPage();
		await signIn(page, product, 'olivia@northwind.test');
		await page.close();
		await context.addInitScript(NOTE);
		const short = await openings(context, product, ids.short, MINUTES.short);
		const long = await openings(context, product, ids.long, MINUTES.long);
		return { whole, short, long };
	} finally {
		await browser.close();
		await product.close();
	}
}

const p95 = (times: readonly Opened[], what: keyof Opened): number =>
	percentile(
		times.map((time) => time[what]),
		95
	);

export async function run(): Promise<Figure[]> {
	const folder = await makeReplayFolder();
	try {
		const { whole, short, long } = await measure(folder);
		const figure = (name: string, ours: number, baseline: number, baselineName: string): Figure => ({
			figure: name,
			unit: 'ms',
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName,
			ratio: rounded(ours / baseline)
		});
		const all = 'one Replayer given all ten minutes, p95';
		const [ofShort, ofLong] = [p95(short, 'picture'), p95(long, 'picture')];
		return [
			figure('replay-plays-p95', p95(short, 'plays'), percentile(whole, 95), all),
			figure('replay-plays-p95-8h', p95(long, 'plays'), p95(short, 'plays'), 'the same of ten minutes'),
			figure('replay-first-frame-p95', ofShort, percentile(whole, 95), all),
			figure('replay-first-frame-p95-8h', ofLong, ofShort, 'the same of ten minutes')
		];
	} finally {
		await rm(folder.dataDir, { recursive: true, force: true });
	}
}
