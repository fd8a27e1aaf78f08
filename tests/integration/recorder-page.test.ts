// What rrweb leaves out, and pictures: recorded in one tab of a real browser, shown in another.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '#support/chromium.ts';
import { call, openPlayer, PLAYER_BUNDLE, playerPage, type PlayerWindow } from '#support/player-page.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, until, type RecorderHub } from '#support/recorder-hub.ts';

declare const window: PlayerWindow & typeof globalThis;

const PICTURE = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64'
);
const recording = (ticket: string, more = '') => `<script src="/recorder.js"></script><script>
bundle.startRecorder({ticket:'${ticket}',pageId:'${ticket}',masking:{profile:'personal',personal:null},onState(){},onRecording(){},onEnded(){}${more}});
</script>`;

const GAPS = `<!doctype html><html><body><form id="form"><input id="name" value="first"><input type="checkbox" id="box">
<select id="pick"><option>a</option><option>b</option></select></form>
<div popover id="pop">Popped up</div><p id="styled">Styled</p>${recording('gaps')}</body></html>`;

/** Names say what becomes of each. */
const PICTURES = `<!doctype html><html><head><style>.kept{background:url(/kept-style.png)}.own{background:url(/personal-style.png)}
.never{background:url(/never-loaded.png)}</style></head><body>
<img src="/kept.png?v=1"><img src="/drawn.png"><img data-personal src="/personal.png"><div data-secret><img src="/secret.png"></div>
<img src="/again.png"><img data-personal src="/shared-then-own.png"><div class="kept">.</div><div data-personal class="own">.</div>
<img srcset="/kept-large.png 1x, /never-large.png 9x" src="/never-small.png"><img src="/gone.png">
${recording('pictures', ",collect:page=>bundle.collectAssets('/recorded-assets',page)")}</body></html>`;

/** The same picture, and behind its end where it was asked for. */
const fileAt = (path: string): Buffer => Buffer.concat([PICTURE, Buffer.from(path)]);

let hub: RecorderHub;
let browser: Browser;
/** Names of the pictures that came, with their bytes. */
const kept = new Map<string, Buffer>();
const offered: string[] = [];

function answer(path: string, request: IncomingMessage, response: ServerResponse): boolean {
	if (path.endsWith('.png')) {
		const isThere = path !== '/gone.png';
		const cache = path === '/drawn.png' ? 'no-store' : 'max-age=600';
		response.writeHead(isThere ? 200 : 404, { 'content-type': 'image/png', 'cache-control': cache });
		response.end(isThere ? fileAt(path) : '');
		return true;
	}
	if (!path.startsWith('/recorded-assets')) return false;
	const parts: Buffer[] = [];
	request.on('data', (part: Buffer) => parts.push(part));
	request.on('end', () => {
		const body = Buffer.concat(parts);
		const name = new URL(request.url ?? '', 'http://x').searchParams.get('name');
		if (name !== null) {
			kept.set(name, body);
			return response.writeHead(204).end();
		}
		const { taken } = JSON.parse(body.toString()) as { taken: { name: string; sha256: string }[] };
		offered.push(...taken.map((one) => one.name));
		const lacking = taken.filter(({ name: told }) => told !== 'recorded:/again.png');
		const wanted = lacking.map(({ sha256 }) => sha256);
		return response.end(JSON.stringify({ wanted }));
	});
	return true;
}

beforeAll(async () => {
	const scripts = {
		'/recorder.js': await bundleForBrowser({
			source:
				"export { startRecorder } from './recorder/index.ts'; export { collectAssets } from './recorder/collect-assets.ts';"
		}),
		'/player.js': await bundleForBrowser({ source: PLAYER_BUNDLE })
	};
	const pages = {
		'/gaps': GAPS,
		'/pictures': PICTURES,
		'/player': playerPage('width:600px;height:400px')
	};
	hub = await startRecorderHub({ pages, scripts, answer });
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await hub.close();
});

/** A page beside a viewer that is shown whatever comes of it. */
async function watch(path: string, ticket: string) {
	const page = await browser.newPage();
	await page.goto(hub.origin + path);
	const viewer = await openPlayer(browser, `${hub.origin}/player`);
	await call(viewer, 'startLive');
	let next = 0;
	const relay = async (): Promise<void> => {
		for (const batches = hub.batchesOf(ticket); next < batches.length; next++)
			await viewer.evaluate(
				([seq, bytes, pageId]) =>
					window.player.addBatch!(
						{ pageId, seq, offsetMs: 0, receivedAt: 9e12 },
						new Uint8Array(bytes as number[])
					),
				[next, [...batches[next]!], ticket] as const
			);
	};
	const shows = (what: string, ask: () => unknown) =>
		until(what, async () => {
			await relay();
			return viewer.evaluate(ask).then(Boolean, () => false);
		});
	return { page, shows };
}

describe('what rrweb leaves out', () => {
	let page: Page;
	let shows: Awaited<ReturnType<typeof watch>>['shows'];
	beforeAll(async () => ({ page, shows } = await watch('/gaps', 'gaps')));
	afterAll(() => page.close());

	it('shows fields as a reset put them back, and what becomes of them after it', async () => {
		await page.locator('#name').fill('second');
		await page.locator('#box').check();
		await page.locator('#pick').selectOption('b');
		await shows('the typing', () => {
			const { value } = window.inner().getElementById('name') as HTMLInputElement;
			return value === 'second' && (window.inner().getElementById('box') as HTMLInputElement).checked;
		});
		await page.evaluate(() => (document.getElementById('form') as HTMLFormElement).reset());
		await shows('the reset', () => {
			const of = <T>(id: string) => window.inner().getElementById(id) as T;
			const { value } = of<HTMLInputElement>('name');
			return (
				value === 'first' &&
				!of<HTMLInputElement>('box').checked &&
				of<HTMLSelectElement>('pick').value === 'a'
			);
		});
		await page.locator('#box').check();
		await shows(
			'the box, checked again',
			() => (window.inner().getElementById('box') as HTMLInputElement).checked
		);
	});

	it('shows a popover while it is open', async () => {
		const isOpen = () => window.inner().getElementById('pop')?.matches(':popover-open');
		const isClosed = () => window.inner().getElementById('pop')?.matches(':not(:popover-open)');
		await shows('it closed', isClosed);
		await page.evaluate(() => document.getElementById('pop')?.showPopover());
		await shows('it open', isOpen);
		await page.evaluate(() => document.getElementById('pop')?.hidePopover());
		await shows('it closed again', isClosed);
	});

	it('lets go of constructed sheets when the page does', async () => {
		const isRed = () => getComputedStyle(window.inner().getElementById('styled')!).color === 'rgb(255, 0, 0)';
		await page.evaluate(() => {
			const sheet = new CSSStyleSheet();
			sheet.replaceSync('#styled{color:rgb(255,0,0)}');
			document.adoptedStyleSheets = [sheet];
		});
		await shows('the sheet', isRed);
		await page.evaluate(() => (document.adoptedStyleSheets = []));
		await shows(
			'no sheet',
			() => getComputedStyle(window.inner().getElementById('styled')!).color === 'rgb(0, 0, 0)'
		);
	});
});

it('takes pictures that are shown, without a request of its own, and none that is hidden or was never loaded', async () => {
	const page = await browser.newPage();
	await page.goto(`${hub.origin}/pictures`);
	await until('the pictures', () => offered.length >= 5, 15_000);
	// Idle again: nothing more comes.
	await page.waitForTimeout(700);
	expect(offered.toSorted()).toEqual(
		['/again.png', '/drawn.png', '/kept-large.png', '/kept-style.png', '/kept.png?v=1'].map(
			(path) => `recorded:${path}`
		)
	);
	expect(kept.get('recorded:/kept.png?v=1')?.equals(fileAt('/kept.png'))).toBe(true);
	expect(kept.get('recorded:/kept-style.png')?.equals(fileAt('/kept-style.png'))).toBe(true);
	expect(kept.has('recorded:/again.png')).toBe(false);
	// Not in the cache, so it was drawn from the page.
	expect(kept.get('recorded:/drawn.png')?.subarray(8, 12).toString()).toBe('WEBP');
	const asked = hub.requests.filter((path) => path.includes('.png'));
	expect(asked.filter((path, at) => asked.indexOf(path) !== at)).toEqual([]);
	await page.close();
});
