// One page on a screen of its own, from a picture of it onwards: hidden while it is put together, then shown, then carried
// on from piece to piece. Node ids run on over pieces, so what follows needs no picture of its own and nothing flickers.
import { clockOf } from '../format/block-payload.ts';
import { EVENT, type RecordedEvent } from '../format/events.ts';
import type { Footage, ReadPiece } from './footage.ts';
import { startsWithPicture, type Piece } from './film.ts';
import { PageReader } from './page-reader.ts';
import { Projector, type Size } from './projector.ts';
import { inSlices } from './slices.ts';
import { spreadMoves } from './spread-moves.ts';

/** After so many pieces another Replayer takes over at the next one's picture: it never forgets what it once showed. */
const MAX_PIECES = 32;

/** Events at once while a screen is put together: pointer and selection are drawn once for all of them. */
const STEP = 20;

export type Start = { pageId: string; at: number };
type Where = { footage: Footage; box: HTMLElement; onSize: (reel: Reel, size: Size) => void };

export class Reel {
	readonly pageId: string;
	/** It was put together for this moment; hub time. */
	readonly startsAt: number;
	/** Recorded viewport, once known. */
	size: Size | null = null;
	private readonly projector: Projector;
	private readonly footage: Footage;
	private readonly stop = new AbortController();
	private reader = new PageReader();
	/** Not shown yet, in their order. */
	private waiting: RecordedEvent[] = [];
	private next = 0;
	private shownUntil = Number.NEGATIVE_INFINITY;
	/** Number of the last batch that was read. */
	private seq = -1;
	private first = 0;
	private pieces = 0;
	private extending: Promise<boolean> | null = null;

	private constructor({ footage, box, onSize }: Where, { pageId, at }: Start) {
		this.pageId = pageId;
		this.startsAt = at;
		this.footage = footage;
		this.projector = new Projector(box, (size) => {
			this.size = size;
			onSize(this, size);
		});
	}

	/**
	 * A hidden screen that shows the page as it was at this moment: one piece is read, unless that one begins without a
	 * picture. `onRead` is called once it is there.
	 * @returns null where nothing of the page can be read
	 * @throws PieceError `failed`; the signal's reason
	 */
	static async open(
		where: Where,
		start: Start,
		signal: AbortSignal,
		onRead?: () => void
	): Promise<Reel | null> {
		const first = await where.footage.read((film) => film.startOf(start.pageId, start.at));
		signal.throwIfAborted();
		if (!first) return null;
		onRead?.();
		const reel = new Reel(where, start);
		const leave = (): void => reel.stop.abort(signal.reason);
		signal.addEventListener('abort', leave);
		try {
			await reel.develop(first);
			return reel;
		} catch (error) {
			reel.destroy();
			throw error;
		} finally {
			signal.removeEventListener('abort', leave);
		}
	}

	get document(): Document | null {
		return this.projector.document;
	}

	/** Number of the first batch that was read. */
	get firstSeq(): number {
		return this.first;
	}

	/** Number of the last batch that was read. */
	get lastSeq(): number {
		return this.seq;
	}

	/** Until when it was shown; hub time. */
	get at(): number {
		return this.shownUntil;
	}

	/** Whether everything that happened up to this moment was read. */
	reaches(at: number): boolean {
		const next = this.footage.film.follow(this.pageId, this.seq);
		return next === null || next.fromAt > at;
	}

	/** Where it cannot be carried on: batches are missing, or it has gone on for long enough. Another one takes over there. */
	get breaksAt(): number | null {
		const next = this.footage.film.follow(this.pageId, this.seq);
		return next && !this.goesOn(next) ? next.fromAt : null;
	}

	/** Shows what happened up to and with the moment; so a seek exactly onto a snapshot shows that snapshot. */
	feed(until: number): void {
		const from = this.next;
		while ((this.waiting[this.next]?.timestamp ?? Infinity) <= until) this.next++;
		if (this.next > from) this.projector.show(this.waiting.slice(from, this.next));
		this.shownUntil = Math.max(this.shownUntil, until);
	}

	/**
	 * Reads the piece that goes on behind what was read. One at a time; a second call joins the first.
	 * @returns false where there is none
	 * @throws PieceError `failed`
	 */
	extend(): Promise<boolean> {
		this.extending ??= this.readNext().finally(() => (this.extending = null));
		return this.extending;
	}

	/** Under way and enough for this moment. */
	extendingTo(at: number): Promise<boolean> | null {
		const { film } = this.footage;
		const next = film.follow(this.pageId, this.seq);
		const after = next && film.follow(this.pageId, next.lastSeq);
		return this.extending && next && this.goesOn(next) && (after?.fromAt ?? Infinity) > at
			? this.extending
			: null;
	}

	animate(isRunning: boolean): void {
		this.projector.animate(isRunning);
	}

	reveal(): void {
		this.projector.reveal();
	}

	destroy(): void {
		this.stop.abort();
		this.projector.destroy();
	}

	private async develop(first: ReadPiece): Promise<void> {
		this.reader = new PageReader(clockOf(first.payload));
		this.first = first.piece.firstSeq;
		await this.take(first);
		// Before its first picture is due a page still shows it: there is nothing else.
		const picture = this.waiting.find(({ type }) => type === EVENT.fullSnapshot)?.timestamp;
		const until = Math.max(this.startsAt, picture ?? this.startsAt);
		await this.feedInSlices(until);
		while (!this.reaches(until) && (await this.extend())) await this.feedInSlices(until);
		await this.projector.settle();
		this.stop.signal.throwIfAborted();
	}

	private async feedInSlices(until: number): Promise<void> {
		const slice = inSlices(this.stop.signal);
		for (;;) {
			const last = this.waiting[Math.min(this.next + STEP, this.waiting.length) - 1];
			if (!last || this.next >= this.waiting.length || last.timestamp > until) break;
			this.feed(last.timestamp);
			await slice();
		}
		this.feed(until);
	}

	private goesOn(next: Piece): boolean {
		const isTired = this.pieces >= MAX_PIECES && startsWithPicture(next);
		return next.firstSeq <= this.seq + 1 && !isTired;
	}

	private async readNext(): Promise<boolean> {
		const read = await this.footage.read((film) => {
			const next = film.follow(this.pageId, this.seq);
			return next && this.goesOn(next) ? next : null;
		});
		this.stop.signal.throwIfAborted();
		// A damaged one was skipped: what comes behind it does not go on from here.
		if (!read || !this.goesOn(read.piece)) return false;
		await this.take(read);
		return true;
	}

	/** Parses afresh what is new in a piece. The first one gives its picture, too. */
	private async take({ piece, payload }: ReadPiece): Promise<void> {
		const slice = inSlices(this.stop.signal);
		const isFirst = this.pieces === 0;
		const events = isFirst ? this.reader.safe(payload.checkpoint) : [];
		let damaged = 0;
		let last = this.seq;
		for (const { bytes, ...header } of payload.batches) {
			if (header.seq <= last) continue;
			await slice();
			try {
				for (const event of this.reader.read({ header, bytes })) events.push(event);
			} catch {
				// The others still play; how many are missing is told.
				damaged++;
			}
			last = header.seq;
		}
		this.footage.tellDamaged(piece, damaged);
		const shown = this.footage.withWords(this.pageId, events);
		const floor = isFirst ? clockOf(payload).reached : this.shownUntil;
		this.waiting = [...this.waiting.slice(this.next), ...spreadMoves(shown, floor)];
		this.next = 0;
		this.seq = Math.max(last, Number.isFinite(piece.lastSeq) ? piece.lastSeq : last);
		this.pieces++;
	}
}
