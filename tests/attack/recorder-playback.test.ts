// Hostile recordings and hostile windows against the player's frame: nothing of a recording runs or fetches, and the
// frame obeys nobody but the agency's origin.
import type { Browser, Locator, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePayload } from '#recorder/format/block-payload.ts';
import { encodeBatch, EVENT, SOURCE, type Loose, type RecordedEvent } from '#recorder/format/events.ts';
import { launchChromium } from '#support/chromium.ts';
import { makeFilm } from '#support/film-blocks.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, until, type RecorderHub } from '#support/recorder-hub.ts';

/** The replay host's policy (recording.md §5.7), here by meta; the sanitizer must hold without it, too. */
const POLICY =
	"<meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src blob: data:; font-src data:; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'\">";
const frame = (policy: string) => `<!doctype html><html><head>${policy}</head><body style="margin:0">
<div id="root" style="width:400px;height:300px"></div><script src="/frame.js"></script>
<script>addEventListener('message',e=>{(window.heard??=[]).push(e.data)});
bundle.serveFrame(root,location.search.slice(1)||'http://localhost:'+location.port)</script></body></html>`;
const agency = `<!doctype html><html><body><textarea id="keys"></textarea><script src="/host.js"></script><script>
const iframe=document.createElement('iframe');iframe.sandbox='allow-scripts allow-same-origin';
const replay='http://127.0.0.1:'+location.port;iframe.src=replay+(location.hash.slice(1)||'/frame');window.log=[];
window.host=new bundle.FrameHost(iframe,replay,{onShown:s=>log.push(['shown',s.seq]),onSize:s=>log.push(['size',s.width]),
onState:s=>log.push(['state',s]),onTime:t=>log.push(['time',t]),onReload:()=>log.push(['reload']),
onWants:(n,w)=>{log.push(['wants',w.blockId]);window.answer?.(n,w)},onSteered:s=>{log.push(['steered',s.deed]);keys.focus()}});
document.body.append(iframe);</script></body></html>`;

type Hosting = {
	host: { [method: string]: (...args: unknown[]) => void };
	log: unknown[][];
	boom?: number;
	answer?(request: number, wanted: { blockId: string }): void;
};
declare const window: Hosting & typeof globalThis;

let hub: RecorderHub;
let browser: Browser;
let local: string;

beforeAll(async () => {
	const scripts = {
		'/frame.js': await bundleForBrowser({
			source: "export { serveFrame } from './recorder/playback/serve-frame.ts';"
		}),
		'/host.js': await bundleForBrowser({
			source: "export { FrameHost } from './recorder/playback/frame-host.ts';"
		})
	};
	const pages = { '/agency': agency, '/frame': frame(POLICY), '/open': frame(''), '/other': '<p>other</p>' };
	hub = await startRecorderHub({ pages, scripts });
	local = hub.origin.replace('127.0.0.1', 'localhost');
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await hub.close();
});

const EVIL = 'https://evil.test/x';
const run = "top.boom=1;parent.boom=1;window.boom=1;fetch('https://evil.test/ran')";
let ids = 100;
const el = (tagName: string, attributes: Loose, childNodes: Loose[] = []): Loose => ({
	type: 2,
	id: ids++,
	tagName,
	attributes,
	childNodes
});
const text = (textContent: string): Loose => ({ type: 3, id: ids++, textContent });
const hostileNodes = (): Loose[] => [
	el('script', { src: EVIL }, [text(run)]),
	el('script', {}, [text(run)]),
	el('img', { src: EVIL, onerror: run, onload: run }),
	el('img', { src: 'x', onerror: run }),
	el('img', { srcset: `${EVIL} 2x` }),
	el('iframe', { src: EVIL, srcdoc: `<script>${run}</script>` }),
	el('iframe', { src: `javascript:${run}` }),
	el('object', { data: EVIL }),
	el('embed', { src: EVIL }),
	el('video', { src: EVIL, poster: EVIL, autoplay: '' }, [el('source', { src: EVIL })]),
	el('audio', { src: EVIL }),
	el('link', { rel: 'stylesheet', href: EVIL }),
	el('link', { rel: 'preload', as: 'image', href: EVIL }),
	el('meta', { 'http-equiv': 'refresh', content: `0;url=${EVIL}` }),
	el('base', { href: 'https://evil.test/' }),
	el('noscript', {}, [el('img', { src: EVIL })]),
	el('style', {}, [text(`@import "${EVIL}";body{background:url(${EVIL})}p{background:u\\72 l(${EVIL})}`)]),
	el('style', {
		_cssText: `@font-face{font-family:f;src:url(${EVIL})}*{font-family:f;cursor:url(${EVIL}),auto}`
	}),
	el('div', { style: `background:url(${EVIL});list-style:image-set("${EVIL}" 1x)`, background: EVIL }),
	el('table', { background: EVIL }),
	el('input', { type: 'image', src: EVIL }),
	el('svg', {}, [
		el('image', { 'xlink:href': EVIL, href: EVIL }),
		el('use', { href: `${EVIL}#a` }),
		el('set', { attributeName: 'href', to: EVIL })
	]),
	el('a', { href: `javascript:${run}`, ping: EVIL }, [text('click me')]),
	el('form', { action: EVIL }, [el('button', { formaction: EVIL, autofocus: '', onfocus: run })]),
	el('p', {}, [text('harmless words')])
];
const snapshot = (body: Loose[]): RecordedEvent[] => [
	{ type: EVENT.meta, timestamp: 1, data: { href: EVIL, width: 400, height: 300 } },
	{
		type: EVENT.fullSnapshot,
		timestamp: 1,
		data: {
			node: {
				type: 0,
				id: 1,
				childNodes: [
					{
						...el('html', {}),
						id: 2,
						childNodes: [
							{ ...el('head', {}), id: 3 },
							{ ...el('body', { onload: run }), id: 4, childNodes: body }
						]
					}
				]
			},
			initialOffset: { top: 0, left: 0 }
		}
	}
];
const incremental = (data: Loose): RecordedEvent => ({ type: EVENT.incremental, timestamp: 2, data });
const later = (): RecordedEvent[] => [
	incremental({
		source: SOURCE.mutation,
		removes: [],
		texts: [],
		attributes: [],
		adds: hostileNodes().map((node) => ({ parentId: 4, nextId: null, node }))
	}),
	incremental({
		source: SOURCE.mutation,
		removes: [],
		texts: [],
		adds: [],
		attributes: [
			{ id: 4, attributes: { onclick: run, background: EVIL, style: { background: `url(${EVIL})` } } }
		]
	}),
	incremental({ source: SOURCE.styleSheetRule, id: 4, adds: [{ rule: `p{background:url(${EVIL})}` }] }),
	incremental({
		source: SOURCE.adoptedStyleSheet,
		id: 1,
		styleIds: [1],
		styles: [{ styleId: 1, rules: [{ rule: `p{background:url(${EVIL})}`, index: 0 }] }]
	}),
	incremental({ source: SOURCE.font, family: 'g', fontSource: `url(${EVIL})`, buffer: false }),
	incremental({ source: SOURCE.canvasMutation, id: 4, type: 0, property: 'constructor', args: [run] }),
	{ type: EVENT.plugin, timestamp: 2, data: { plugin: 'x', payload: { onerror: run } } }
];

/** Opens the agency's page with the frame in it; returns every address that any of its frames asked for. */
async function openPage(path: string): Promise<{ page: Page; asked: string[] }> {
	const page = await (await browser.newContext()).newPage();
	const asked: string[] = [];
	page.on('request', (request) => asked.push(request.url()));
	await page.goto(`${local}/agency#${path}`);
	return { page, asked };
}
const giveText = (page: Page, seq: number, json: string, pageId = 'p') =>
	page.evaluate(
		([number, batch, id]) =>
			window.host.addBatch!(
				{ pageId: id, seq: number, offsetMs: 0, receivedAt: 9e12 },
				new TextEncoder().encode(batch)
			),
		[seq, json, pageId] as const
	);
const give = (page: Page, seq: number, events: RecordedEvent[], pageId?: string) =>
	giveText(page, seq, Buffer.from(encodeBatch(events)).toString('utf8'), pageId);
const shown = (page: Page, seq: number) =>
	until(`batch ${seq} shown`, () =>
		page.evaluate((it) => window.log.some(([kind, value]) => kind === 'shown' && value === it), seq)
	);

describe('a hostile recording', () => {
	it.each(['/frame', '/open'])(
		'runs nothing and fetches nothing in %s (with and without content policy)',
		async (path) => {
			const { page, asked } = await openPage(path);
			await page.evaluate(() => window.host.startLive!());
			await give(page, 0, snapshot(hostileNodes()));
			await give(page, 1, later());
			await shown(page, 1);
			const screen = page.frames().find((it) => it.parentFrame()?.parentFrame())!;
			expect(await screen.evaluate(() => document.body.innerText).catch(() => 'no script')).toMatch(
				/harmless words|no script/
			);
			for (const it of page.frames().slice(0, 2))
				expect(await it.evaluate(() => window.boom)).toBeUndefined();
			await page.waitForTimeout(500);
			const own = new Set(['/agency', '/host.js', '/frame.js', path]);
			expect(asked.filter((url) => /^https?:/.test(url) && !own.has(new URL(url).pathname))).toEqual([]);
		}
	);
	it('is rebuilt in a frame whose sandbox allows no script', async () => {
		const { page } = await openPage('/frame');
		await page.evaluate(() => window.host.startLive!());
		await give(page, 0, snapshot([]));
		await shown(page, 0);
		const sandboxes = await page
			.frames()[1]!
			.evaluate(() => [...document.querySelectorAll('iframe')].map((it) => it.getAttribute('sandbox')));
		expect(sandboxes).toEqual(['allow-same-origin']);
	});
	it('ten thousand levels deep does not stop the player', async () => {
		const { page } = await openPage('/frame');
		// Put together as text: JSON.stringify itself ends long before that depth, JSON.parse does not.
		const levels = 10_000;
		const opening = Array.from({ length: levels }, (_, level) => {
			return `{"type":2,"id":${5_000 + level},"tagName":"div","attributes":{},"childNodes":[`;
		});
		const json = Buffer.from(encodeBatch(snapshot([text('DEEP')]))).toString('utf8');
		const deep = json.replace(/\{"type":3[^}]*\}/, opening.join('') + ']}'.repeat(levels));
		await page.evaluate(() => window.host.startLive!());
		await giveText(page, 0, deep);
		await give(page, 1, snapshot([el('p', {}, [text('still here')])]));
		await shown(page, 1);
	});
});

describe('a hostile block', () => {
	/** Opens a film of one block whose bytes are these, and plays it to its end. */
	async function playBlock(bytes: Uint8Array): Promise<Page> {
		const { page } = await openPage('/frame');
		const film = makeFilm({ p: snapshot([]) }, { startAt: 0, endAt: 200 });
		await page.evaluate(
			([index, content]) => {
				window.answer = (request) =>
					window.host.answer!(request, { kind: 'piece', bytes: new Uint8Array(content).buffer });
				window.host.open!(index, 0);
				window.host.play!();
			},
			[film.index, [...bytes]] as const
		);
		await until('played to the end', () =>
			page.evaluate(() => JSON.stringify(window.log).includes('["state","ended"]'))
		);
		return page;
	}
	const u32 = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
	it.each([
		['nothing', new Uint8Array()],
		['lengths beyond its end', u32(0xffff_fff0, 0xffff_fff0, 0, 0)],
		['a frame longer than it', new Uint8Array([...u32(0, 24, 0, 0), ...u32(0, 0xffff_ffff, 0, 0, 0, 0)])]
	])('of %s stops nothing', async (_what, bytes) => {
		const page = await playBlock(bytes);
		expect(await page.frames()[1]!.evaluate(() => document.querySelectorAll('iframe').length)).toBe(0);
	});
	it('with a checkpoint made by hand is made safe like any other event', async () => {
		const checkpoint = snapshot([el('p', {}, [text('harmless words')]), ...hostileNodes()]);
		const page = await playBlock(encodePayload({ checkpoint, clockAt: 1, frames: [] }));
		for (const it of page.frames().slice(0, 2)) expect(await it.evaluate(() => window.boom)).toBeUndefined();
		const words = () =>
			page
				.frames()[1]!
				.evaluate(() => document.querySelector('iframe')?.contentDocument?.body?.innerText ?? '');
		expect(await words()).toContain('harmless words');
	});
});

describe('a recording that contradicts itself', () => {
	it('costs only the events that cannot be shown', async () => {
		const { page } = await openPage('/frame');
		await page.evaluate(() => window.host.startLive!());
		const twice = el('div', {}, [text('one')]);
		const loop = { ...el('div', {}), id: 4 };
		await give(page, 0, snapshot([twice, twice, loop]));
		await give(page, 1, [
			incremental({
				source: SOURCE.mutation,
				removes: [{ parentId: 4, id: 2 }],
				texts: [],
				attributes: [],
				adds: [{ parentId: 9, nextId: 9, node: loop }]
			}),
			incremental({ source: SOURCE.scroll, id: 777, x: 1, y: 1 }),
			...snapshot([el('p', {}, [text('goes on')])])
		]);
		await shown(page, 1);
		const player = page.frames()[1]!;
		const words = () =>
			player.evaluate(() => document.querySelector('iframe')?.contentDocument?.body?.innerText ?? '');
		await until('the next picture', async () => (await words()).includes('goes on'));
	});
});

describe('the frame and its page', () => {
	it('carry calls over in order, from before the frame was there, and its events back', async () => {
		const { page } = await openPage('/frame');
		const film = makeFilm({ p: snapshot([]) }, { startAt: 0, endAt: 1_000 });
		await page.evaluate(
			([index, bytes]) => {
				window.answer = (request) =>
					window.host.answer!(request, { kind: 'piece', bytes: new Uint8Array(bytes).buffer });
				window.host.open!(index, 0);
			},
			[film.index, [...film.blocks.get('p-0')!]] as const
		);
		await page.evaluate(() => (window.host.seek!(400), window.host.play!()));
		await until('played to the end', () =>
			page.evaluate(() => JSON.stringify(window.log).includes('["state","ended"]'))
		);
		const log = await page.evaluate(() => JSON.stringify(window.log));
		for (const part of [
			'["wants","p-0"]',
			'["size",400]',
			'["time",400]',
			'["state","playing"]',
			'["time",1000]'
		])
			expect(log).toContain(part);
	});
	it('let a list be chosen from with the mouse and left by a key, though at each deed the keys go back', async () => {
		const { page } = await openPage('/frame');
		await page.evaluate(() => (window.host.startLive!(), window.host.holdTool!('steer')));
		const options = ['First', 'Second', 'Third'].map((word) => el('option', {}, [text(word)]));
		const select = el('select', {}, options);
		await give(page, 0, snapshot([select]));
		await shown(page, 0);
		const player = page.frames()[1]!;
		const pressAt = async (where: Locator) => {
			const { x, y, width, height } = (await where.boundingBox())!;
			await page.mouse.click(x + width / 2, y + height / 2);
		};
		const onScreen = player.frameLocator('iframe');
		const list = player.getByRole('listbox');
		const steered = () => page.evaluate(() => window.log.filter(([kind]) => kind === 'steered'));
		const focused = () => page.evaluate(() => document.activeElement?.id);
		const chosen = ['steered', { kind: 'select', node: select.id, index: 1 }];
		const clicked = ['steered', { kind: 'click', node: select.id }];
		await pressAt(onScreen.locator('select'));
		await expect.poll(() => list.count()).toBe(1);
		await pressAt(list.getByRole('option', { name: 'Second' }));
		await expect.poll(steered).toEqual([chosen]);
		expect([await list.count(), await focused()]).toEqual([0, 'keys']);
		await pressAt(onScreen.locator('select'));
		await expect.poll(() => list.count()).toBe(1);
		await page.keyboard.press('Escape');
		await expect.poll(steered).toMatchObject([chosen, clicked]);
		expect([await list.count(), await focused()]).toEqual([0, 'keys']);
		// Another page comes while the list is open: its number is a button there, which nobody meant.
		await pressAt(onScreen.locator('select'));
		await give(page, 1, snapshot([{ ...el('button', {}, [text('Pay')]), id: select.id }]), 'another');
		await shown(page, 1);
		await page.keyboard.press('Escape');
		await expect.poll(() => list.count()).toBe(0);
		await pressAt(onScreen.locator('button'));
		await expect.poll(steered).toMatchObject([chosen, clicked, clicked]);
	});
	it('does not obey another origin, whatever it posts', async () => {
		const { page } = await openPage('/frame?https://somebody.else');
		await page.evaluate(() => window.host.startLive!());
		await page.evaluate(() => {
			for (const kind of ['hello', 'live:start', 'replay:play'])
				document
					.querySelector('iframe')
					?.contentWindow?.postMessage({ mark: 'switchback-player', message: { kind } }, '*');
		});
		await page.waitForTimeout(400);
		expect(await page.evaluate(() => window.log)).toEqual([]);
		expect(await page.frames()[1]!.evaluate(() => document.querySelectorAll('iframe').length)).toBe(0);
	});
	it('survives messages of every wrong shape from the right origin', async () => {
		const { page } = await openPage('/frame');
		await page.evaluate(() => {
			const target = document.querySelector('iframe')?.contentWindow;
			const wrong = [
				null,
				1,
				'x',
				[],
				{},
				{ kind: 'live:batch' },
				{ kind: '__proto__' },
				{ kind: 'constructor' },
				{ kind: 'replay:seek', ms: 'x' }
			];
			for (const message of [
				...wrong,
				{ kind: 'live:batch', batch: { header: {}, bytes: 1 } },
				{ kind: 'replay:open', film: { startAt: 0, endAt: 1, isRunning: false, pages: [{}] }, at: 0 },
				{ kind: 'replay:piece', request: 1, bytes: [1], tail: null }
			]) {
				target?.postMessage({ mark: 'switchback-player', message }, '*');
				target?.postMessage(message, '*');
			}
			window.host.startLive!();
		});
		await give(page, 0, snapshot([]));
		await shown(page, 0);
	});
	it('are not heard when another window speaks in the name of the frame', async () => {
		const { page } = await openPage('/frame');
		await page.evaluate(() =>
			window.postMessage({ mark: 'switchback-player', message: { kind: 'state', state: 'ended' } }, '*')
		);
		const other = page.frames()[1]!;
		await other.evaluate(() =>
			parent.postMessage({ mark: 'switchback-player', message: { kind: 'state', state: 'nonsense' } }, '*')
		);
		await page.waitForTimeout(200);
		expect(await page.evaluate(() => window.log)).toEqual([]);
	});
});
