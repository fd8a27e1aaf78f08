// Live lag as a person sees it: a change of the document in the watched browser → the same change on the screen of a
// watcher in a browser of its own, through the whole product; against the same payloads through a bare socket.io relay
// that sets a text. Both ends read the machine's one clock.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { Server } from 'socket.io';
import { launchChromium } from '#support/chromium.ts';
import { percentile, rounded, type Figure } from './figure.ts';
import { enterPortal, openScreen, startProduct } from './live-product.ts';

const CHANGES = 150;
const EVERY_MS = 70;
/** Bytes of one such change as the recorder sends it, so that the bare relay carries as much. */
const PAYLOAD_BYTES = 220;
const PORT = 4391;

/** Notes, on each frame painted, which change the element shows; runs in the frame above the script-less one. */
const NOTE = `(seen, find) => {
	const note = () => {
		const shown = Number(find()?.textContent);
		if (shown > 0 && !(shown in seen)) seen[shown] = performance.timeOrigin + performance.now();
		requestAnimationFrame(note);
	};
	note();
}`;

/** Makes the changes in the watched page and says when each was made. */
async function change(page: Page, set: string): Promise<number[]> {
	return page.evaluate(
		`(async () => { const set = ${set}; const made = []; for (let n = 1; n <= ${CHANGES}; n += 1) {
			made[n] = performance.timeOrigin + performance.now(); set(n);
			await new Promise((r) => setTimeout(r, ${EVERY_MS})); } return made; })()`
	);
}

const lagsOf = (made: readonly number[], seen: Record<number, number>): number[] =>
	Object.entries(seen).map(([n, at]) => at - (made[Number(n)] ?? Number.NaN));

async function measureOurs(watched: Browser, watching: Browser): Promise<number[]> {
	const product = await startProduct(PORT);
	try {
		const page = await watched.newPage();
		await enterPortal(page, product);
		await page.evaluate(() =>
			document.body.append(Object.assign(document.createElement('p'), { id: 'probe' }))
		);
		const inner = await openScreen(await watching.newPage(), product);
		const player = inner.parentFrame();
		if (!player) throw new Error('the player’s frame is gone');
		await player.evaluate(
			`(${NOTE})(window.seen = {}, () => document.querySelector('iframe')?.contentDocument?.getElementById('probe'))`
		);
		const made = await change(page, "(n) => { document.getElementById('probe').textContent = String(n); }");
		await sleep(1_500);
		return lagsOf(made, await player.evaluate('window.seen'));
	} finally {
		await product.close();
	}
}

const BARE_PAGE = `<!doctype html><p id="probe"></p><script src="/socket.io/socket.io.js"></script>
<script>const socket = io({ transports: ['websocket'] });
socket.on('change', (n) => { document.getElementById('probe').textContent = String(n); });</script>`;

async function startBare(): Promise<{ http: HttpServer; url: string; close(): void }> {
	const http = createServer((_request, response) =>
		response.setHeader('content-type', 'text/html').end(BARE_PAGE)
	);
	const relay = new Server(http);
	relay.on('connection', (socket) => {
		socket.on('change', (n: number, payload: string) => socket.broadcast.emit('change', n, payload));
	});
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
	return { http, url, close: () => void relay.close() };
}

async function measureBare(watched: Browser, watching: Browser): Promise<number[]> {
	const bare = await startBare();
	try {
		const [page, screen] = [await watched.newPage(), await watching.newPage()];
		for (const one of [page, screen]) {
			await one.goto(bare.url);
			await one.waitForFunction('socket.connected');
		}
		await screen.evaluate(`(${NOTE})(window.seen = {}, () => document.getElementById('probe'))`);
		const made = await change(page, `(n) => socket.emit('change', n, '${'x'.repeat(PAYLOAD_BYTES)}')`);
		await sleep(1_000);
		return lagsOf(made, await screen.evaluate('window.seen'));
	} finally {
		bare.close();
	}
}

/** Two browsers of their own for each side of the comparison, one after the other. */
async function inTwoBrowsers(
	measure: (watched: Browser, watching: Browser) => Promise<number[]>
): Promise<number[]> {
	const browsers = [await launchChromium(), await launchChromium()] as const;
	try {
		const lags = await measure(...browsers);
		// Changes that were never painted on their own would make a slow screen look fast.
		if (lags.length < CHANGES * 0.9) throw new Error(`only ${lags.length} of ${CHANGES} changes were seen`);
		return lags;
	} finally {
		for (const browser of browsers) await browser.close();
	}
}

export async function run(): Promise<Figure[]> {
	const bare = await inTwoBrowsers(measureBare);
	const ours = await inTwoBrowsers(measureOurs);
	return (
		[
			['live-lag-p50', 50],
			['live-lag-p95', 95]
		] as const
	).map(([figure, p]) => ({
		figure,
		unit: 'ms',
		ours: rounded(percentile(ours, p)),
		baseline: rounded(percentile(bare, p)),
		baselineName: 'bare socket.io relay of as many bytes, browser to browser',
		ratio: rounded(percentile(ours, p) / percentile(bare, p))
	}));
}
