// One impersonation in a real browser: its tabs, what they were promised, and what the product shows of them afterwards.
import type { BrowserContext, Page } from '@playwright/test';
import { readFrames, type FramedBatch } from '#recorder/format/block-frames.ts';
import { framesOf } from '#recorder/format/block-payload.ts';
import { decodeBatch } from '#recorder/format/events.ts';
import type { FilmSource } from '#live/film-fetcher.ts';
import { until } from '#support/recorder-hub.ts';
import { findFaults, saidIn, type Kept } from './count-check.ts';
import type { Counting } from './counting-script.ts';
import { WireTap, type PageTrace } from './wire-tap.ts';

declare const window: { counting: Counting } & typeof globalThis;

/** Restarting, recovering and connecting again, on a busy machine. */
const BACK_WITHIN_MS = 60_000;
/** After this the recording must hold all there is to hold: a look for pages that are gone, and their delivery. */
const SETTLED_WITHIN_MS = 45_000;

/** What a session needs to know of the product. */
type Product = {
	readonly agency: string;
	readonly portal: string;
	readonly reviewerCookies: string;
	/** What runs is shown to whoever watches it, and a hub that died watches nothing any more. */
	watch(impersonationId: string): Promise<void>;
};

/** Of a block, and of what is in none yet. */
async function batchesOf(answer: Response): Promise<FramedBatch[]> {
	const { batches, isWhole } = readFrames(framesOf(new Uint8Array(await answer.arrayBuffer())));
	if (!isWhole) throw new Error('The answer was cut.');
	return batches;
}

export class Session {
	readonly context: BrowserContext;
	readonly tap = new WireTap();
	private readonly world: Product;
	private isOpened = false;

	constructor(world: Product, context: BrowserContext) {
		this.world = world;
		this.context = context;
	}

	/** A page of the portal in a tab of its own, recorded. */
	async openTab(path = '/tasks'): Promise<Page> {
		const page = await this.context.newPage();
		this.tap.watch(page);
		await page.goto(this.world.portal + path);
		await this.isHeard(page);
		return page;
	}

	/** A new document in the same tab, nothing taken from the cache. */
	async reloadHard(page: Page): Promise<void> {
		this.tap.forget(page);
		const protocol = await this.context.newCDPSession(page);
		const loaded = page.waitForEvent('load');
		await protocol.send('Page.reload', { ignoreCache: true });
		await loaded;
		await protocol.detach();
		await this.isHeard(page);
	}

	traceOf(page: Page): PageTrace {
		return this.tap.pages.get(this.tap.pageIdOf(page))!;
	}

	/** Until something the tab sends from now on is acknowledged. */
	async isHeard(page: Page): Promise<void> {
		await until('the tab connects', () => this.tap.hasConnected(page), BACK_WITHIN_MS);
		const trace = this.traceOf(page);
		const before = trace.replies;
		await until('the tab is heard', () => trace.replies > before, BACK_WITHIN_MS);
	}

	/** Breaks the tab's connection by `work`, and waits until it has another and is heard on that. */
	async isConnectedAnew(page: Page, work: () => void): Promise<void> {
		const trace = this.traceOf(page);
		const { connections } = trace;
		work();
		await until('the tab connects anew', () => trace.connections > connections, BACK_WITHIN_MS);
		await this.isHeard(page);
	}

	/** What the reviewer is shown of a page: blocks and what is in none yet. */
	async read(pageId: string): Promise<FramedBatch[]> {
		const [impersonationId = ''] = this.tap.pages.get(pageId)!.ticket.split('.');
		const replay = `/recordings/${impersonationId}`;
		await this.world.watch(impersonationId);
		// Nobody is shown a recording whose replay they did not open: that is what is logged.
		if (!this.isOpened) await this.ask(replay);
		this.isOpened = true;
		for (;;) {
			const batches = await this.readOnce(replay, pageId);
			if (batches) return batches;
		}
	}

	/** Null where the end was sealed between the two answers: as a player does, whoever reads asks for all of it again. */
	private async readOnce(replay: string, pageId: string): Promise<FramedBatch[] | null> {
		const film = (await (await this.ask(`${replay}/film`)).json()) as FilmSource;
		const page = film.pages.find((one) => one.pageId === pageId);
		const batches: FramedBatch[] = [];
		for (const { id } of page?.blocks ?? [])
			batches.push(...(await batchesOf(await this.ask(`${replay}/blocks/${id}`))));
		for (let from = page?.tailFrom ?? null; from !== null;) {
			const tail = await this.ask(`${replay}/pages/${pageId}/tail?from=${from}`);
			const isCut = tail.headers.get('x-switchback-more') === 'true';
			const lastSeq = Number(tail.headers.get('x-switchback-last-seq'));
			const some = await batchesOf(tail);
			if ((some[0]?.seq ?? lastSeq + 1) !== from) return null;
			batches.push(...some);
			from = isCut ? lastSeq + 1 : null;
		}
		return batches;
	}

	private async ask(path: string): Promise<Response> {
		const headers = { cookie: this.world.reviewerCookies };
		const answer = await fetch(this.world.agency + path, { headers });
		if (!answer.ok) throw new Error(`The recording could not be read: ${answer.status}`);
		return answer;
	}

	/** What is wrong with each page so far, while they go on. */
	async faults(last: ReadonlyMap<string, number> = new Map()): Promise<string[]> {
		const faults: string[] = [];
		for (const [pageId, trace] of this.tap.pages) {
			// Before reading: what is acknowledged meanwhile may be missing from what is read.
			const promise = { acknowledged: trace.acknowledged, promised: new Map(trace.promised) };
			const kept: Kept[] = (await this.read(pageId)).map(({ seq, bytes }) => ({
				seq,
				said: saidIn(decodeBatch(bytes))
			}));
			const found = findFaults(promise, kept, last.get(pageId));
			faults.push(...found.map((fault) => `page ${pageId}: ${fault}`));
		}
		return faults;
	}

	/** Stops all counting. @returns by page, how far each one that is open or went in order counted */
	async lastCounts(): Promise<Map<string, number>> {
		const last = new Map<string, number>();
		for (const page of this.context.pages()) {
			const isCounting = this.tap.hasConnected(page);
			if (!isCounting) continue;
			last.set(this.tap.pageIdOf(page), await page.evaluate(() => window.counting.stopCounting()));
			const gone = await page.evaluate(() => Object.entries(localStorage));
			for (const [name, value] of gone)
				if (name.startsWith('counted ')) last.set(name.slice('counted '.length), Number(value));
		}
		return last;
	}

	/** Waits until nothing is wrong any more. @returns what still is after a long while */
	async settledFaults(more: ReadonlyMap<string, number> = new Map()): Promise<string[]> {
		const last = new Map([...more, ...(await this.lastCounts())]);
		let faults: string[] = [];
		for (const end = Date.now() + SETTLED_WITHIN_MS; Date.now() < end;) {
			// While the product comes back, it may say that it cannot answer yet.
			faults = await this.faults(last).catch((error: Error) => [error.message]);
			if (faults.length === 0) return [];
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
		return faults;
	}

	/** How many numbers are acknowledged, so that a run that recorded nothing is not taken for a good one. */
	get promises(): number {
		let count = 0;
		for (const { promised } of this.tap.pages.values())
			for (const said of promised.values()) count += said.length;
		return count;
	}
}
