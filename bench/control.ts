// Control as its holder feels it: a press on the screen → the press on the other's page of 10 000 nodes → what came of it, painted on the
// holder's screen; through the whole product. Against a bare socket.io relay that carries a click there and a number back, browser to
// browser. One clock: both moments are read in the holder's window.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { Server } from 'socket.io';
import { launchChromium } from '#support/chromium.ts';
import { percentile, rounded, type Figure } from './figure.ts';
import { enterPortal, openScreen, startProduct } from './live-product.ts';

const PRESSES = 100;
/** A quick person's pace, and below what the hub lets through. */
const EVERY_MS = 120;
const NODES = 10_000;
const PORT = 4392;

/** A button that counts, in a page of so many nodes. */
const plant = (nodes: number): void => {
	const rows = Array.from({ length: nodes / 2 }, (_, n) => `<p>Row ${n}</p>`).join('');
	document.body.insertAdjacentHTML('beforeend', `<div style="height:90px;overflow:auto">${rows}</div>`);
	const button = Object.assign(document.createElement('button'), { id: 'press', textContent: 'Press' });
	button.style.cssText = 'position:fixed;left:40%;top:40%;width:160px;height:80px;z-index:30';
	const probe = Object.assign(document.createElement('p'), { id: 'probe', textContent: '0' });
	button.addEventListener('click', () => (probe.textContent = String(Number(probe.textContent) + 1)));
	document.body.append(button, probe);
};

/** Notes when each press began, and when each number was painted; runs in the frame above the shown one. */
const NOTE = `(find) => {
	window.pressed = []; window.seen = [];
	addEventListener('pointerdown', () => window.pressed.push(performance.now()), true);
	const note = () => {
		const shown = Number(find()?.textContent);
		if (shown > 0) window.seen[shown] ??= performance.now();
		requestAnimationFrame(note);
	};
	note();
}`;

type Noted = { pressed: number[]; seen: (number | null)[] };

/** A press that is refused (the page had changed meanwhile) is counted by none: numbers and presses are matched in their order. */
function lagsOf({ pressed, seen }: Noted): number[] {
	if (seen.length - 1 < PRESSES * 0.9)
		throw new Error(`only ${seen.length - 1} of ${PRESSES} presses were seen`);
	return pressed.flatMap((at, n) => {
		const shown = seen.slice(n + 1).find((one) => one !== null && one !== undefined);
		return shown === undefined || shown === null ? [] : [shown - at];
	});
}

async function press(page: Page, [x, y]: [number, number]): Promise<void> {
	for (let n = 0; n < PRESSES; n += 1) {
		await page.mouse.click(x, y);
		await sleep(EVERY_MS);
	}
	await sleep(1_000);
}

async function measureOurs(watched: Browser, watching: Browser): Promise<number[]> {
	const product = await startProduct(PORT);
	try {
		const [page, screen] = [await watched.newPage(), await watching.newPage()];
		await enterPortal(page, product);
		await page.evaluate(plant, NODES);
		const inner = await openScreen(screen, product);
		await screen.getByRole('button', { name: 'Take control' }).click();
		await page.getByRole('button', { name: 'Allow control' }).click();
		await screen.getByText('You steer Maya').waitFor();
		const player = inner.parentFrame();
		const box = await inner.locator('#press').boundingBox();
		if (!player || !box) throw new Error('the screen is gone');
		await player.evaluate(
			`(${NOTE})(() => document.querySelector('iframe')?.contentDocument?.getElementById('probe'))`
		);
		await press(screen, [box.x + box.width / 2, box.y + box.height / 2]);
		return lagsOf(await player.evaluate('({ pressed: window.pressed, seen: window.seen })'));
	} finally {
		await product.close();
	}
}

const BARE_PAGE = `<!doctype html><p id="probe">0</p><script src="/socket.io/socket.io.js"></script>
<script>const socket = io({ transports: ['websocket'] }); let n = 0; const probe = document.getElementById('probe');
socket.on('press', () => { probe.textContent = String(++n); socket.emit('shown', n); });
socket.on('shown', (shown) => { probe.textContent = String(shown); });
addEventListener('pointerdown', () => socket.emit('press'));</script>`;

async function measureBare(watched: Browser, watching: Browser): Promise<number[]> {
	const http = createServer((_request, response) =>
		response.setHeader('content-type', 'text/html').end(BARE_PAGE)
	);
	const relay = new Server(http);
	relay.on('connection', (socket) => {
		socket.on('press', () => socket.broadcast.emit('press'));
		socket.on('shown', (n: number) => socket.broadcast.emit('shown', n));
	});
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
	try {
		const [page, screen] = [await watched.newPage(), await watching.newPage()];
		for (const one of [page, screen]) {
			await one.goto(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
			await one.waitForFunction('socket.connected');
		}
		await screen.evaluate(`(${NOTE})(() => document.getElementById('probe'))`);
		await press(screen, [200, 200]);
		return lagsOf(await screen.evaluate('({ pressed: window.pressed, seen: window.seen })'));
	} finally {
		await relay.close();
	}
}

async function inTwoBrowsers(measure: (watched: Browser, watching: Browser) => Promise<number[]>) {
	const browsers = [await launchChromium(), await launchChromium()] as const;
	try {
		return await measure(...browsers);
	} finally {
		for (const browser of browsers) await browser.close();
	}
}

export async function run(): Promise<Figure[]> {
	const bare = await inTwoBrowsers(measureBare);
	const ours = await inTwoBrowsers(measureOurs);
	return ([50, 95] as const).map((p) => ({
		figure: `control-lag-p${p}`,
		unit: 'ms',
		ours: rounded(percentile(ours, p)),
		baseline: rounded(percentile(bare, p)),
		baselineName: 'bare socket.io relay, a click there and a number back',
		ratio: rounded(percentile(ours, p) / percentile(bare, p))
	}));
}
