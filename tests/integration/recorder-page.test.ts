// What rrweb leaves out, and pictures: recorded in one tab of a real browser, shown in another.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeBatch } from '#recorder/format/events.ts';
import { faultsIn } from '#recorder/format/page-fault.ts';
import { launchChromium } from '#support/chromium.ts';
import { call, openPlayer, PLAYER_BUNDLE, playerPage, type PlayerWindow } from '#support/player-page.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, until, type RecorderHub } from '#support/recorder-hub.ts';

declare const window: PlayerWindow &
	typeof globalThis & {
		heard: string[];
		before: { fetch: unknown; error: unknown; open: unknown };
		recorder: { stop(): void };
	};

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

/** Names say what becomes of each. The page never rests: what waits for a pause waits for ever. */
const PICTURES = `<!doctype html><html><head><style>.kept{background:url(/kept-style.png)}.own{background:url(/personal-style.png)}
.never{background:url(/never-loaded.png)}</style></head><body>
<img src="/kept.png?v=1"><img src="/drawn.png"><img data-personal src="/personal.png"><div data-secret><img src="/secret.png"></div>
<img src="/again.png"><img data-personal src="/shared-then-own.png"><div class="kept">.</div><div data-personal class="own">.</div>
<img srcset="/kept-large.png 1x, /never-large.png 9x" src="/never-small.png"><img src="/gone.png">
<p id="clock"></p><script>setInterval(()=>(clock.textContent=performance.now()),20)</script>
${recording('pictures', ",collect:page=>bundle.collectAssets('/recorded-assets',page)")}</body></html>`;

/** Its own script keeps what it hears itself. */
const FAULTS = `<!doctype html><html><body><p>Here</p><script>var heard=[];var before={fetch,error:console.error,open:XMLHttpRequest.prototype.open};
addEventListener('unhandledrejection',(e)=>heard.push('unhandled '+e.reason.message.slice(0,15)));</script>
${recording('faults', ",collect:page=>bundle.collectAssets('/recorded-assets',page)").replace('bundle.startRecorder', 'var recorder=bundle.startRecorder')}</body></html>`;

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
		'/faults': FAULTS,
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

it('tells of errors and failed requests, and leaves the page every one of them as it was', async () => {
	const page = await browser.newPage();
	const [printed, thrown]: string[][] = [[], []];
	page.on('console', (message) => message.type() === 'error' && printed!.push(message.text()));
	page.on('pageerror', (error) =>
		thrown!.push(`${error.message} ${/\bat breaks\b/.test(error.stack ?? '')}`)
	);
	await page.goto(`${hub.origin}/faults`);
	await until('the recorder behind the recorder', () =>
		page.evaluate(() => window.fetch !== window.before.fetch)
	);
	const own = await page.evaluate(async () => {
		console.error('Saving failed', { id: 1 });
		setTimeout(function breaks() {
			throw new TypeError('x is undefined');
		});
		void fetch('/nowhere', { headers: { 'not a name': '' } });
		const handled = await fetch('http://127.0.0.1:1/').catch((error: unknown) => (error as Error).name);
		const stopped = await fetch('/slow', { signal: AbortSignal.abort() }).catch(
			(error: unknown) => (error as Error).name
		);
		const answer = await fetch('/nowhere', { method: 'post', body: 'of no concern' });
		const request = new XMLHttpRequest();
		await new Promise((resolve) => {
			request.addEventListener('loadend', resolve);
			request.open('DELETE', '/nowhere?token=abc');
			request.send();
		});
		return [handled, stopped, answer.status, await answer.text(), request.status];
	});
	expect(own).toEqual(['TypeError', 'AbortError', 404, '', 404]);
	const told = () =>
		hub
			.batchesOf('faults')
			.flatMap((bytes) => faultsIn(decodeBatch(new Uint8Array(bytes))).map(({ fault }) => fault));
	await until('all of them', () => told().some(({ method }) => method === 'DELETE'));
	expect(printed!.filter((text) => text.startsWith('Saving'))).toEqual(['Saving failed {id: 1}']);
	expect(thrown).toContain('x is undefined true');
	expect(await page.evaluate(() => window.heard)).toEqual([expect.stringContaining('unhandled Failed to')]);
	// Rejections are told in a turn of the browser's own choice.
	const byKind = told().toSorted((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
	expect(byKind).toMatchObject([
		{ kind: 'console', text: 'Saving failed [object]' },
		{ kind: 'error', text: 'Uncaught TypeError: x is undefined' },
		{ kind: 'rejection', text: expect.stringContaining('Invalid name') as string },
		{ kind: 'request', method: 'GET', where: '/nowhere', status: 0 },
		{ kind: 'request', method: 'GET', where: 'http://127.0.0.1:1/', status: 0 },
		{ kind: 'request', method: 'POST', where: '/nowhere', status: 404 },
		{ kind: 'request', method: 'DELETE', where: expect.not.stringContaining('abc') as string, status: 404 }
	]);
	// Stopped, it leaves everything as it found it.
	const isBack = await page.evaluate(() => {
		window.recorder.stop();
		return [
			fetch === window.before.fetch,
			console.error === window.before.error,
			XMLHttpRequest.prototype.open === window.before.open
		];
	});
	expect(isBack).toEqual([true, true, true]);
	await page.close();
});

it('takes pictures that are shown, without a request of its own, and none that is hidden or was never loaded', async () => {
	const page = await browser.newPage();
	await page.goto(`${hub.origin}/pictures`);
	await until('the pictures', () => offered.length >= 5 && kept.size >= 4, 15_000);
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
