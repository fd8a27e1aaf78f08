// Collects the pictures and fonts that recorded events name, in idle moments and one at a time: what the page does comes first.
// What is hidden, masked or personal is never taken; what was not loaded by the page neither.
import type { LeftOut } from '../format/assets.ts';
import type { RecordedEvent } from '../format/events.ts';
import { bytesOf, type TakenBytes } from './asset-bytes.ts';
import { hiddenPictures } from './hidden-pictures.ts';
import { mayName, namesIn } from './named-assets.ts';

/** Between two of them, however idle the page is. */
const PAUSE_MS = 200;
/** More events than a page makes in a pause; those of one turn are looked through in a few milliseconds. */
const AT_ONCE = 50;
/** As many as one page may name on the server. */
const MAX_TAKEN = 400;
/** Names of pictures that never come. */
const MAX_WAITING = 2_000;
/** All of them together: a slow line has the recording itself to carry. */
const MAX_TAKEN_BYTES = 20 * 1024 * 1024;

export type CollectorOptions = {
	/** The node that events call so. */
	nodeOf(id: number): Node | null;
	/** Its content may leave unmasked. */
	isShown(node: Node): boolean;
	/** Pictures of style sheets belong to no element; where all text is masked, they stay. */
	takesStylePictures: boolean;
	onTaken(name: string, bytes: Uint8Array<ArrayBuffer>): void;
	onLeft(name: string, why: LeftOut): void;
};

type Candidate = { name: string; ids: Set<number>; isStyle: boolean };

const FONT_SIGNS = ['wOF2', 'wOFF', 'OTTO', '\0\x01\0\0'];
const isFont = (bytes: Uint8Array): boolean =>
	FONT_SIGNS.includes(String.fromCharCode(...bytes.subarray(0, 4)));

const addressOf = (name: string): string => location.origin + name.slice(name.indexOf('/'));

export class AssetCollector {
	private readonly options: CollectorOptions;
	/** Not looked into yet: an event is in memory anyway until it is safe. */
	private events: RecordedEvent[] = [];
	private readonly waiting = new Map<string, Candidate>();
	private readonly done = new Set<string>();
	private bytes = 0;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private isBusy = false;
	private isOver = false;
	private readonly observer: PerformanceObserver;
	private readonly onLoad = (): void => this.later();

	constructor(options: CollectorOptions) {
		this.options = options;
		// A resource has come: what named it may be taken now.
		this.observer = new PerformanceObserver(() => this.later());
		this.observer.observe({ type: 'resource' });
		document.addEventListener('load', this.onLoad, true);
	}

	see(event: RecordedEvent): void {
		if (this.isOver || !mayName(event)) return;
		this.events.push(event);
		this.later();
	}

	stop(): void {
		this.isOver = true;
		this.observer.disconnect();
		document.removeEventListener('load', this.onLoad, true);
		clearTimeout(this.timer);
		this.events = [];
		this.waiting.clear();
	}

	private later(): void {
		// Begun anew by each event, the pause would never end in a page that never rests, and its events would pile up.
		if (this.isOver || this.isBusy || this.timer || (this.events.length === 0 && this.waiting.size === 0))
			return;
		this.timer = setTimeout(() => inIdle(() => void this.turn()), PAUSE_MS);
	}

	/** One turn: the names of some events, and one file once there are none left. */
	private async turn(): Promise<void> {
		this.timer = undefined;
		if (this.isOver || this.isBusy) return;
		this.isBusy = true;
		let isMore = true;
		try {
			for (const event of this.events.splice(0, AT_ONCE)) this.note(event);
			if (this.events.length === 0) isMore = await this.takeOne();
		} catch (error) {
			// Pictures are worth no fault in the page they are taken from.
			console.warn('Pictures of the recorded page are not kept', error);
			return this.stop();
		} finally {
			this.isBusy = false;
		}
		// Those that are left wait until the page has loaded them.
		if (isMore) this.later();
	}

	private note(event: RecordedEvent): void {
		for (const { name, id } of namesIn(event, location.origin)) {
			if (this.done.has(name) || this.waiting.size > MAX_WAITING) continue;
			const known = this.waiting.get(name) ?? { name, ids: new Set(), isStyle: false };
			if (id === null) known.isStyle = true;
			else known.ids.add(id);
			this.waiting.set(name, known);
		}
	}

	/** @returns whether there was one */
	private async takeOne(): Promise<boolean> {
		let isHidden: ((address: string) => boolean) | undefined;
		for (const candidate of this.waiting.values()) {
			const { name, isStyle } = candidate;
			const address = addressOf(name);
			const element = this.elementOf(candidate, address);
			if (!element && !(isStyle && isLoaded(address))) continue;
			isHidden ??= hiddenPictures();
			this.waiting.delete(name);
			this.done.add(name);
			if (isHidden(address)) continue;
			const image = element instanceof HTMLImageElement ? element : null;
			this.hand(name, await bytesOf(address, image), element !== null);
			return true;
		}
		return false;
	}

	private hand(name: string, taken: TakenBytes, isOnElement: boolean): void {
		if (this.isOver) return;
		if (typeof taken === 'string') return this.options.onLeft(name, taken);
		if (!isOnElement && !this.options.takesStylePictures && !isFont(taken)) return;
		this.bytes += taken.byteLength;
		const isTooMuch = this.done.size > MAX_TAKEN || this.bytes > MAX_TAKEN_BYTES;
		if (isTooMuch) return this.options.onLeft(name, 'limit');
		this.options.onTaken(name, taken);
	}

	/** An element that shows this file, loaded, in an area whose content may leave. */
	private elementOf({ ids }: Candidate, address: string): Node | null {
		for (const id of ids) {
			const node = this.options.nodeOf(id);
			if (node && shows(node, address) && this.options.isShown(node)) return node;
		}
		return null;
	}
}

/** Of a picture on the page it is known; of others (posters, buttons, drawings) only that it came. */
function shows(node: Node, address: string): boolean {
	if (!(node instanceof HTMLImageElement)) return isLoaded(address);
	const { complete, naturalWidth, currentSrc, src } = node;
	return complete && naturalWidth > 0 && (currentSrc || src).split('#', 1)[0] === address;
}

const isLoaded = (address: string): boolean => performance.getEntriesByName(address, 'resource').length > 0;

function inIdle(work: () => void): void {
	if ('requestIdleCallback' in globalThis) requestIdleCallback(work);
	else setTimeout(work, PAUSE_MS);
}
