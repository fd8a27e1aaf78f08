// Batches of one page on their way to the hub: in order, in parts, a window at a time; kept until safe and sent again
// above `got` after every new connection, also where `got` went back. Duplicates are harmless to the hub, holes are not.
import { MAX_PART_BYTES } from '#protocol/limits.ts';
import type { AppendReply, PageClockReading } from '#protocol/record.ts';
import type { Refusal } from '#protocol/refusals.ts';
import { CUSTOM_TAGS, encodeBatch, EVENT } from '../format/events.ts';
import { KEEP_BYTES, MAX_FILLED, RETRY_MS, WINDOW_BYTES } from './limits.ts';
import type { Wire } from './wire.ts';

export type Batch = { seq: number; bytes: Uint8Array<ArrayBuffer>; clock: PageClockReading };

export type UplinkOptions = {
	wire: () => Wire;
	/** A watermark rose, or something was sent again: look at the state of things. */
	onProgress(): void;
	onRefused(refusal: Refusal): void;
	/** Numbers the hub misses could not be sent any more and were filled with marks: the picture needs a new beginning. */
	onFilled(): void;
};

export class Uplink {
	/** Highest number in the live log. */
	got = -1;
	/** Highest number in a sealed block; below it nothing is kept. */
	safe = -1;
	/** Bytes not in the live log yet. */
	waitingBytes = 0;
	/** Above `safe`, without holes. */
	private kept: Batch[] = [];
	private keptBytes = 0;
	private knowsSafe = false;
	/** Highest number sent on this connection. */
	private sent = -1;
	private inFlight = 0;
	private isConnected = false;
	/** Answers of an earlier connection or attempt say nothing about this one. */
	private attempt = 0;
	/** Set while the hub has put something off: nothing is sent until it fires. */
	private retry: ReturnType<typeof setTimeout> | undefined;
	private readonly options: UplinkOptions;

	constructor(options: UplinkOptions) {
		this.options = options;
	}

	/** What must still be kept. */
	get unsafe(): readonly Batch[] {
		return this.kept;
	}

	/** True while something is not in the live log. */
	get isWaiting(): boolean {
		return (this.kept.at(-1)?.seq ?? -1) > this.got;
	}

	add(batch: Batch): void {
		const next = (this.kept.at(-1)?.seq ?? batch.seq - 1) + 1;
		// Copies of a page that is gone may lack some; a page that is there makes no holes.
		if (batch.seq - next > MAX_FILLED) return;
		this.keep([...marks(next, batch), batch], 'push');
		this.release();
		this.pump();
	}

	/** A connection is ready and the hub holds everything up to `got`, which may be less than it once said [R13]. */
	ready({ got, safe }: { got: number; safe?: number | undefined }, nextSeq: number): void {
		this.isConnected = true;
		this.knowsSafe = safe !== undefined;
		this.setGot(got);
		this.keepAbove(safe ?? got);
		const [first] = this.kept;
		const firstSeq = first?.seq ?? nextSeq;
		if (firstSeq - got - 1 > MAX_FILLED) return this.options.onRefused('malformed');
		const isFilled = got + 1 < firstSeq;
		if (isFilled) this.keep(marks(got + 1, { seq: firstSeq, clock: first?.clock }), 'unshift');
		this.restart();
		if (isFilled) this.options.onFilled();
	}

	/** The hub sealed everything up to this number. */
	keepAbove(safe: number): void {
		if (safe <= this.safe) return;
		this.safe = safe;
		const open = this.kept.findIndex(({ seq }) => seq > safe);
		for (const { bytes } of this.kept.splice(0, open === -1 ? this.kept.length : open))
			this.keptBytes -= bytes.length;
	}

	/** Gives up all that is not in the live log; the next batch takes the number after `got`. Says how many were lost. */
	discard(): { next: number; batches: number } {
		const lost = this.kept.filter(({ seq }) => seq > this.got);
		this.kept = this.kept.filter(({ seq }) => seq <= this.got);
		for (const { bytes } of lost) this.keptBytes -= bytes.length;
		this.waitingBytes = 0;
		this.stopWaiting();
		this.attempt++;
		this.sent = this.got;
		this.inFlight = 0;
		return { next: this.got + 1, batches: lost.length };
	}

	down(): void {
		this.isConnected = false;
		this.attempt++;
		this.stopWaiting();
	}

	private keep(batches: Batch[], where: 'push' | 'unshift'): void {
		this.kept[where](...batches);
		this.keptBytes += bytesOf(batches);
		this.waitingBytes += bytesOf(batches.filter(({ seq }) => seq > this.got));
	}

	private restart(): void {
		this.stopWaiting();
		this.attempt++;
		this.sent = this.got;
		this.inFlight = 0;
		this.pump();
		this.options.onProgress();
	}

	private setGot(got: number): void {
		if (got < this.got) this.waitingBytes = bytesOf(this.kept.filter(({ seq }) => seq > got));
		else this.waitingBytes -= bytesOf(this.between(this.got, got));
		this.got = got;
		if (!this.knowsSafe) this.keepAbove(got);
		this.release();
	}

	/** Kept batches above the one number and up to the other. */
	private between(above: number, upTo: number): Batch[] {
		const offset = this.kept[0]?.seq ?? 0;
		return this.kept.slice(Math.max(0, above + 1 - offset), Math.max(0, upTo + 1 - offset));
	}

	/** Over the limit, what the live log holds goes first: it is needed again only if the hub loses its disk. */
	private release(): void {
		while (this.keptBytes > KEEP_BYTES && (this.kept[0]?.seq ?? Infinity) <= this.got)
			this.keptBytes -= this.kept.shift()?.bytes.length ?? 0;
	}

	private pump(): void {
		const offset = this.kept[0]?.seq ?? 0;
		// What comes while the hub puts off would only be refused for the hole before it, and put off the retry each time.
		while (this.isConnected && !this.retry && this.inFlight < WINDOW_BYTES) {
			const batch = this.kept[this.sent + 1 - offset];
			if (!batch) return;
			this.sent = batch.seq;
			this.send(batch);
		}
	}

	private send({ seq, bytes, clock }: Batch): void {
		const parts = Math.max(1, Math.ceil(bytes.length / MAX_PART_BYTES));
		const { attempt } = this;
		for (let part = 0; part < parts; part++) {
			const slice = bytes.subarray(part * MAX_PART_BYTES, (part + 1) * MAX_PART_BYTES);
			this.inFlight += slice.length;
			this.options.wire().append({ seq, part, parts, clock }, slice, (reply) => {
				if (attempt !== this.attempt) return;
				this.inFlight -= slice.length;
				this.answered(reply);
			});
		}
	}

	private answered(reply: AppendReply | null): void {
		if (reply && reply.got > this.got) this.setGot(reply.got);
		if (reply?.ok) {
			this.pump();
			return this.options.onProgress();
		}
		const isPutOff = !reply || reply.refusal === 'try_later' || reply.refusal === 'too_fast';
		if (!isPutOff) return this.options.onRefused(reply.refusal);
		this.attempt++;
		this.retry = setTimeout(() => this.restart(), RETRY_MS);
	}

	private stopWaiting(): void {
		clearTimeout(this.retry);
		this.retry = undefined;
	}
}

const bytesOf = (batches: readonly Batch[]): number =>
	batches.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** A batch with nothing but a mark for each number from `from` to before the one that is there. */
function marks(from: number, until: { seq: number; clock?: PageClockReading | undefined }): Batch[] {
	const now = Date.now();
	const clock = until.clock ?? { wall: now, mono: now };
	const data = { tag: CUSTOM_TAGS.dropped, payload: { moves: 0, scrolls: 0, events: 1 } };
	const bytes = encodeBatch([{ type: EVENT.custom, timestamp: clock.wall, data }]);
	return Array.from({ length: until.seq - from }, (_, index) => ({ seq: from + index, bytes, clock }));
}
