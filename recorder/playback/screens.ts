// Which reel is seen. The last picture stays until the next one is whole: a seek swaps, a page that comes to the screen was
// prepared before its time, and a page that has nothing to show yet leaves what was there.
import type { Footage } from './footage.ts';
import { Reel, type Start } from './reel.ts';
import type { Stage } from './stage.ts';

/** What could not be read ahead is left alone for so long: the network may be gone, and sixty tries a second help nobody. */
const QUIET_MS = 2_000;

type Preparing = { stop: AbortController; start: Start; done: Promise<void> };

export type ScreensCallbacks = {
	/** Whether there is anything on the screen. */
	onPicture(hasPicture: boolean): void;
};

export class Screens {
	private readonly stage: Stage;
	private readonly footage: Footage;
	private readonly callbacks: ScreensCallbacks;
	private reel: Reel | null = null;
	/** Still seen, while `reel` has no picture. */
	private outgoing: Reel | null = null;
	/** Hidden, for the moment it starts at. */
	private ready: Reel | null = null;
	private preparing: Preparing | null = null;
	/** What failed is tried again once it is needed, not before. */
	private failedAt: number | null = null;
	private quietUntil = 0;
	private hasPicture: boolean | null = null;
	private isRunning = false;

	constructor(stage: Stage, footage: Footage, callbacks: ScreensCallbacks) {
		this.stage = stage;
		this.footage = footage;
		this.callbacks = callbacks;
	}

	get current(): Reel | null {
		return this.reel;
	}

	get document(): Document | null {
		return this.reel?.document ?? this.outgoing?.document ?? null;
	}

	/** A hidden screen of this moment; see `Reel.open`. */
	open(start: Start, signal: AbortSignal, onRead?: () => void): Promise<Reel | null> {
		const where = {
			footage: this.footage,
			box: this.stage.box,
			onSize: (reel: Reel, size: { width: number; height: number }) => {
				if (reel === this.reel && !this.outgoing) this.stage.resize(size);
			}
		};
		return Reel.open(where, start, signal, onRead);
	}

	/** Another moment: what was seen goes, even where there is nothing to see instead. */
	cutTo(reel: Reel | null): void {
		this.dropReady();
		this.outgoing?.destroy();
		this.outgoing = null;
		const before = this.reel;
		this.reel = reel;
		this.show();
		before?.destroy();
		this.tell();
	}

	/** Shows this page at this moment if that needs no reading. */
	playTo(pageId: string, at: number): boolean {
		if (this.reel?.pageId === pageId && this.reel.reaches(at)) this.reel.feed(at);
		else if (this.ready?.pageId === pageId && this.ready.startsAt <= at && this.ready.reaches(at))
			this.takeOver(this.ready, at);
		else return false;
		this.show();
		return true;
	}

	/** Reads on, and puts together in hiding what comes to the screen before `until`. */
	lookAhead(at: number, until: number): void {
		const { reel } = this;
		if (!reel) return;
		const turn = this.footage.film.nextTurn(reel.pageId, at, until);
		const end = Math.min(until, turn?.from ?? until);
		const breaksAt = reel.breaksAt ?? Infinity;
		if (!reel.reaches(end) && breaksAt > end && performance.now() > this.quietUntil)
			reel.extend().catch(() => (this.quietUntil = performance.now() + QUIET_MS));
		const next =
			breaksAt < end ? { pageId: reel.pageId, at: breaksAt } : turn && { pageId: turn.pageId, at: turn.from };
		if (next && this.failedAt !== next.at) this.prepare(next);
	}

	/** What is under way and will show this page at this moment. */
	comingTo(pageId: string, at: number): Promise<unknown> | null {
		const extending = this.reel?.pageId === pageId ? this.reel.extendingTo(at) : null;
		if (extending) return extending;
		const start = this.preparing?.start;
		return start?.pageId === pageId && start.at <= at ? (this.preparing?.done ?? null) : null;
	}

	animate(isRunning: boolean): void {
		this.isRunning = isRunning;
		this.reel?.animate(isRunning);
		this.outgoing?.animate(isRunning);
	}

	dropReady(): void {
		this.preparing?.stop.abort();
		this.preparing = null;
		this.failedAt = null;
		this.ready?.destroy();
		this.ready = null;
	}

	destroy(): void {
		this.dropReady();
		this.reel?.destroy();
		this.outgoing?.destroy();
	}

	private prepare(start: Start): void {
		if (this.preparing || (this.ready?.pageId === start.pageId && this.ready.startsAt === start.at)) return;
		this.ready?.destroy();
		this.ready = null;
		const stop = new AbortController();
		const done = this.open(start, stop.signal).then(
			(reel) => this.prepared(stop.signal, start, reel),
			() => this.prepared(stop.signal, start, null)
		);
		this.preparing = { stop, start, done };
	}

	private prepared(signal: AbortSignal, { at }: Start, reel: Reel | null): void {
		if (signal.aborted) return reel?.destroy();
		this.preparing = null;
		this.ready = reel;
		if (!reel) this.failedAt = at;
	}

	private takeOver(reel: Reel, at: number): void {
		this.ready = null;
		reel.feed(at);
		const before = this.reel;
		this.reel = reel;
		if (this.outgoing) before?.destroy();
		else this.outgoing = before;
	}

	/** Only a picture replaces a picture. */
	private show(): void {
		const { reel } = this;
		if (!reel?.document) return;
		if (reel.size) this.stage.resize(reel.size);
		reel.animate(this.isRunning);
		reel.reveal();
		this.outgoing?.destroy();
		this.outgoing = null;
		this.tell();
	}

	private tell(): void {
		const has = this.document !== null;
		if (has !== this.hasPicture) this.callbacks.onPicture(has);
		this.hasPicture = has;
	}
}
