// Collects events into numbered batches: at once when somebody acts or watches, else every quarter of a second. Leaves
// out what the connection cannot carry, in stages and never silently: pointer moves, then scroll positions and selections,
// then everything until a full snapshot.
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS, QUIET_FLUSH_MS } from '#protocol/limits.ts';
import type { PageClockReading } from '#protocol/record.ts';
import { isInteraction, isMouseMove, isScroll } from '../format/activity.ts';
import { encodeTexts, EVENT, type RecordedEvent } from '../format/events.ts';
import {
	BATCH_CHARACTERS,
	DROP_ABOVE_BYTES,
	DROP_SCROLLS_ABOVE_BYTES,
	RECOVERED_BELOW_BYTES,
	WIDE_FLUSH_MS,
	WIDEN_ABOVE_BYTES
} from './limits.ts';
import { readClock, wasSet } from './page-time.ts';
import type { Batch } from './uplink.ts';

export type BatcherOptions = {
	/** Bytes that wait for their acknowledgement. */
	waitingBytes(): number;
	onBatch(batch: Batch, holdsSnapshot: boolean): void;
	onFlush(): void;
	/** A single event larger than any batch may be: without it the recording has a hole. */
	onTooLarge(): void;
	/** Our own timers have no caller to tell: an error in them would reach the page as its own. */
	onFault(error: unknown): void;
};

/** What was left out since the last mark. */
export type Dropped = { moves: number; scrolls: number; events: number };

const nothing = (): Dropped => ({ moves: 0, scrolls: 0, events: 0 });

export class Batcher {
	/** Somebody watches: every event is sent at once. */
	isWatched = false;
	/** Number of the batch that is being filled. */
	next = 0;
	private texts: string[] = [];
	/** Read at the first event of the batch: all of one batch were stamped by one setting of the clock [R16]. */
	private clock: PageClockReading | null = null;
	private characters = 0;
	private holdsSnapshot = false;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private isFlushing = false;
	private dropped = nothing();
	private readonly options: BatcherOptions;

	constructor(options: BatcherOptions) {
		this.options = options;
	}

	push(event: RecordedEvent): void {
		if (this.isLeftOut(event)) return;
		const now = readClock();
		if (this.clock && wasSet(this.clock, now)) this.flush();
		const text = JSON.stringify(event);
		// Characters are at least a third of the bytes; the exact size is known once encoded.
		if (this.texts.length >= MAX_BATCH_EVENTS || this.characters + text.length > BATCH_CHARACTERS)
			this.flush();
		this.clock ??= now;
		this.texts.push(text);
		this.characters += text.length;
		if (event.type === EVENT.fullSnapshot) this.holdsSnapshot = true;
		this.schedule(this.isWatched || event.type === EVENT.fullSnapshot || isInteraction(event));
	}

	/** Closes the batch that is being filled, if any. */
	flush(): void {
		try {
			this.close();
		} catch (error) {
			this.options.onFault(error);
		}
	}

	private close(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
		this.options.onFlush();
		const { texts, clock, holdsSnapshot } = this;
		if (!clock) return;
		this.empty();
		const bytes = encodeTexts(texts);
		if (bytes.length > MAX_BATCH_BYTES) return this.options.onTooLarge();
		this.options.onBatch({ seq: this.next++, bytes, clock }, holdsSnapshot);
	}

	/** What was left out, once there is room again; null as long as there is not, or nothing was. */
	takeDropped(): Dropped | null {
		const { dropped } = this;
		const count = dropped.moves + dropped.scrolls + dropped.events;
		if (count === 0 || this.waiting() > RECOVERED_BELOW_BYTES) return null;
		this.dropped = nothing();
		return dropped;
	}

	/** Starts anew at this number: what was collected or sent above it is gone, and counts as left out. */
	restartAt(next: number, lostBatches: number): void {
		this.empty();
		this.next = next;
		this.dropped.events += lostBatches;
	}

	private empty(): void {
		Object.assign(this, { texts: [], clock: null, characters: 0, holdsSnapshot: false });
	}

	private waiting(): number {
		return this.options.waitingBytes() + this.characters;
	}

	private isLeftOut(event: RecordedEvent): boolean {
		const waiting = this.waiting();
		// After a gap, changes to a screen nobody has are worth nothing until the next full snapshot.
		if (waiting > DROP_ABOVE_BYTES || (this.dropped.events > 0 && waiting > RECOVERED_BELOW_BYTES)) {
			this.dropped.events++;
			return true;
		}
		const isMove = waiting > WIDEN_ABOVE_BYTES && isMouseMove(event);
		const isPosition = waiting > DROP_SCROLLS_ABOVE_BYTES && isScroll(event);
		if (isMove) this.dropped.moves++;
		else if (isPosition) this.dropped.scrolls++;
		return isMove || isPosition;
	}

	private schedule(isUrgent: boolean): void {
		const isWide = this.options.waitingBytes() > WIDEN_ABOVE_BYTES;
		if (isUrgent && !isWide) {
			if (this.isFlushing) return;
			this.isFlushing = true;
			// A microtask, so that all events of one turn travel together.
			queueMicrotask(() => {
				this.isFlushing = false;
				this.flush();
			});
			return;
		}
		this.timer ??= setTimeout(() => this.flush(), isWide ? WIDE_FLUSH_MS : QUIET_FLUSH_MS);
	}
}
