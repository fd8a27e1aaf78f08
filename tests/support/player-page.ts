// A page with a player in it that asks the page itself for blocks, as the frame asks the agency page; and what to show in it.
import type { Browser, Page } from '@playwright/test';
import { EVENT, SOURCE, type Loose, type RecordedEvent } from '#recorder/format/events.ts';
import { until } from './recorder-hub.ts';
import type { MadeFilm } from './film-blocks.ts';

export const PLAYER_BUNDLE = `export { createPlayer } from './recorder/playback/player.ts';
	export { PieceError } from './recorder/playback/piece-source.ts';
	export { Projector } from './recorder/playback/projector.ts';
	export { PageReader } from './recorder/playback/page-reader.ts';
	export { clockOf, decodePayload } from './recorder/format/block-payload.ts';`;

const PLAYER_SCRIPT = `
window.log={time:[],state:[],size:[],shown:[],rejoin:[],damaged:[],loading:[],picture:[]};
window.store={film:null,blocks:{},tails:{},reads:[],isDown:false};
const read=(name,found)=>{store.reads.push(name);if(store.isDown)throw new bundle.PieceError('failed');
if(!found)throw new bundle.PieceError('gone');return found;};
const source={block:async id=>read(id,store.blocks[id]),tail:async(page,from)=>read('tail '+page+' '+from,store.tails[page]),
index:async()=>read('index',store.film)};
window.player=bundle.createPlayer(root,source,{onTime:t=>log.time.push(t),onState:s=>log.state.push(s),onSize:s=>log.size.push(s),
onShown:s=>log.shown.push(s),needsRejoin:r=>log.rejoin.push(r),onDamaged:d=>log.damaged.push(d),onLoading:l=>log.loading.push(l),
onPicture:p=>log.picture.push(p)});
window.layers=()=>[...document.querySelectorAll('.recorder-stage>div')];
window.visible=()=>layers().filter(l=>l.style.visibility==='visible').map(l=>l.querySelector('iframe').contentDocument);
window.screenText=()=>visible().map(d=>d?.body?.innerText??'').join('|');
window.inner=()=>visible()[0];
window.outline=d=>{const lines=[];const walk=(n,depth)=>{if(n.nodeType===3)lines.push(' '.repeat(depth)+n.data);
if(n.nodeType!==1)return;lines.push(' '.repeat(depth)+n.tagName+(n.tagName==='INPUT'?' holds '+n.value+' '+n.checked:'')+' at '+n.scrollTop);
for(const c of n.childNodes)walk(c,depth+1)};walk(d.documentElement,0);return lines.join('\\n')};
`;

export const playerPage = (size: string): string =>
	`<!doctype html><html><body style="margin:0"><div id="root" style="${size}"></div>
<script src="/player.js"></script><script>${PLAYER_SCRIPT}</script></body></html>`;

export type PlayerWindow = {
	player: { [method: string]: (...args: unknown[]) => void };
	store: {
		film: unknown;
		blocks: Record<string, Uint8Array>;
		tails: Record<string, unknown>;
		reads: string[];
		isDown: boolean;
	};
	log: {
		time: number[];
		state: string[];
		size: { width: number }[];
		shown: { seq: number }[];
		rejoin: string[];
		damaged: object[];
		loading: string[];
		picture: boolean[];
	};
	layers(): Element[];
	screenText(): string;
	inner(): Document;
	outline(document: Document): string;
};
declare const window: PlayerWindow & typeof globalThis;

export async function openPlayer(browser: Browser, address: string): Promise<Page> {
	const page = await (await browser.newContext()).newPage();
	await page.goto(address);
	return page;
}

export const call = (page: Page, method: string, ...args: unknown[]) =>
	page.evaluate(([name, list]) => window.player[name as string]!(...(list as unknown[])), [
		method,
		args
	] as const);
export const text = (page: Page) => page.evaluate(() => window.screenText());
export const log = (page: Page) => page.evaluate(() => window.log);
export const reads = (page: Page) => page.evaluate(() => window.store.reads.splice(0));

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** What the page's source knows from now on. */
export const stock = (page: Page, { index, blocks, tails }: MadeFilm) =>
	page.evaluate(
		([film, packedBlocks, packedTails]) => {
			const bytes = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
			const { store } = window;
			store.film = film;
			store.blocks = Object.fromEntries(packedBlocks.map(([id, text]) => [id, bytes(text)]));
			store.tails = Object.fromEntries(
				packedTails.map(([id, { packed, ...facts }]) => [id, { ...facts, bytes: bytes(packed) }])
			);
		},
		[
			index,
			[...blocks].map(([id, bytes]) => [id, base64(bytes)] as const),
			[...tails].map(([id, { bytes, ...facts }]) => [id, { ...facts, packed: base64(bytes) }] as const)
		] as const
	);

/** Until the picture of now is there, or cannot be. */
export const settled = (page: Page) =>
	until('the picture', () => page.evaluate(() => /none|failed/.test(window.log.loading.at(-1) ?? '')));

export async function openFilm(page: Page, film: MadeFilm, at = 0): Promise<void> {
	await stock(page, film);
	await call(page, 'open', { film: film.index, at });
	await settled(page);
}

export async function seekTo(page: Page, ms: number): Promise<void> {
	await call(page, 'seek', ms);
	await settled(page);
}

const element = (id: number, tagName: string, childNodes: Loose[]): Loose => ({
	type: 2,
	id,
	tagName,
	attributes: {},
	childNodes
});

const documentOf = (...lines: string[]): Loose => {
	const paragraphs = lines.map((line, at) =>
		element(10 + at * 2, 'p', [{ type: 3, id: 11 + at * 2, textContent: line }])
	);
	const html = element(2, 'html', [element(3, 'head', []), element(4, 'body', paragraphs)]);
	return { type: 0, id: 1, childNodes: [html] };
};

/** Meta and full snapshot of a page of paragraphs; the first one's text has the id 11. */
export const picture = (timestamp: number, ...lines: string[]): RecordedEvent[] => [
	{ type: EVENT.meta, timestamp, data: { href: 'x', width: 800, height: 600 } },
	{
		type: EVENT.fullSnapshot,
		timestamp,
		data: { node: documentOf(...lines), initialOffset: { top: 0, left: 0 } }
	}
];

export const say = (timestamp: number, value: string, id = 11): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.mutation, texts: [{ id, value }], adds: [], removes: [], attributes: [] }
});

export const click = (timestamp: number): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.mouseInteraction, type: 2, id: 10, x: 1, y: 1 }
});
