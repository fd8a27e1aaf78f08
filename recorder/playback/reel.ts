// One page on a screen of its own, from a picture of it onwards: hidden while it is put together, then shown, then carried
// on from piece to piece. Node ids run on over pieces, so what follows needs no picture of its own and nothing flickers.
import type { FramedBatch } from '../format/block-frames.ts';
import { clockOf } from '../format/block-payload.ts';
import { EVENT, type RecordedEvent } from '../format/events.ts';
import type { Footage, ReadPiece } from './footage.ts';
import { startsWithPicture, type Piece } from './film.ts';
import { PageReader } from './page-reader.ts';
import { Projector, type Size } from './projector.ts';
import { isStep, Steps } from './steps.ts';
import { inSlices } from './slices.ts';
import { spreadMoves } from './spread-moves.ts';

/** After so many pieces another Replayer takes over at the next one's picture: it never forgets what it once showed. */
const MAX_PIECES = 32;

/** Pointer moves are told in bundles up to so much after they happened; so far ahead of the moment is parsed. */
const BUNDLE_MS = 1_000;

/** Events at once while a screen is put together. */
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
	private readonly steps = new Steps();
	private reader = new PageReader();
	/** Not parsed yet: they are, little by little, as the moment comes near. */
	private batches: FramedBatch[] = [];
	/** Parsed and not shown yet, in their order. */
	private waiting: RecordedEvent[] = [];
	private next = 0;
	private nextBatch = 0;
	/** Pointer and selection are where they belong. */
	private isDrawn = true;
	/** Where the first piece begins: nothing of it is shown before. */
	private floor = Number.NEGATIVE_INFINITY;
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

	elementOf(node: number): Element | null {
		return this.projector.elementOf(node);
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
		while (this.isDue(until)) this.parse();
		this.showUntil(until, Infinity, true);
	}

	/** When the next thing happens after what is shown, as far as it was read. */
	nextEventAt(): number | null {
		for (;;) {
			const coming = this.waiting.slice(this.next).find(isStep);
			const isSure = coming !== undefined && !this.isDue(coming.timestamp);
			if (isSure || this.batches.length <= this.nextBatch) return coming?.timestamp ?? null;
			this.parse();
		}
	}

	/** When the last thing before this moment happened; where nothing more is known, just before what was read begins. */
	eventBefore(at: number): number {
		return this.steps.before(at) ?? this.floor - 1;
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
		const { piece, payload } = first;
		this.reader = new PageReader(clockOf(payload), this.footage.assetsOf(this.pageId));
		this.first = piece.firstSeq;
		this.floor = this.reader.reached;
		this.take(first);
		this.add(this.reader.safe(payload.checkpoint));
		const picture = piece.checkpoint === 'empty' ? await this.firstPicture() : null;
		const until = Math.max(this.startsAt, picture ?? this.startsAt);
		await this.playUntil(until);
		while (!this.reaches(until) && (await this.extend())) await this.playUntil(until);
		this.feed(until);
		await this.projector.settle();
		this.stop.signal.throwIfAborted();
	}

	/** Before its first picture is due a page still shows it: there is nothing else. */
	private async firstPicture(): Promise<number | null> {
		const slice = inSlices(this.stop.signal);
		for (;;) {
			const picture = this.waiting.find(({ type }) => type === EVENT.fullSnapshot);
			if (picture || this.batches.length <= this.nextBatch) return picture?.timestamp ?? null;
			this.parse();
			await slice();
		}
	}

	/** As `feed`, with rests in between. What is only for the eye is left to the last step. */
	private async playUntil(until: number): Promise<void> {
		const slice = inSlices(this.stop.signal);
		do {
			if (this.isDue(until)) this.parse();
			const safely = this.isDue(until) ? Math.min(until, this.reader.reached - BUNDLE_MS) : until;
			while (this.showUntil(safely, STEP, false)) await slice();
			await slice();
		} while (this.isDue(until));
	}

	/** There is something to parse that may have happened by then. */
	private isDue(until: number): boolean {
		return this.batches.length > this.nextBatch && this.reader.reached <= until + BUNDLE_MS;
	}

	/** @returns whether there is more to show of that time, after so many events at most */
	private showUntil(until: number, most: number, isLast: boolean): boolean {
		const from = this.next;
		const isWaiting = (): boolean => (this.waiting[this.next]?.timestamp ?? Infinity) <= until;
		while (this.next - from < most && isWaiting()) this.next++;
		if (this.next > from || (isLast && !this.isDrawn)) {
			const shown = this.waiting.slice(from, this.next);
			this.steps.note(shown);
			this.projector.show(shown, isLast);
			this.isDrawn = isLast;
		}
		const hasMore = isWaiting();
		if (!hasMore) this.shownUntil = Math.max(this.shownUntil, until);
		return hasMore;
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
		this.take(read);
		return true;
	}

	private take({ piece, payload }: ReadPiece): void {
		const fresh = payload.batches.filter(({ seq }) => seq > this.seq);
		this.batches = [...this.batches.slice(this.nextBatch), ...fresh];
		this.nextBatch = 0;
		const last = fresh.at(-1)?.seq ?? this.seq;
		this.seq = Math.max(last, Number.isFinite(piece.lastSeq) ? piece.lastSeq : last);
		this.pieces++;
	}

	/** The next batch, parsed afresh: a Replayer changes the events it is given. */
	private parse(): void {
		const batch = this.batches[this.nextBatch++];
		if (!batch) return;
		const { bytes, ...header } = batch;
		try {
			this.add(this.reader.read({ header, bytes }));
		} catch {
			// The others still play; how many are missing is told.
			this.footage.tellDamaged(this.pageId, batch.seq, 1);
		}
	}

	private add(events: RecordedEvent[]): void {
		const shown = this.footage.withWords(this.pageId, events);
		const fresh = spreadMoves(shown, Math.max(this.floor, this.shownUntil));
		const left = this.waiting.slice(this.next);
		const isInOrder = (left.at(-1)?.timestamp ?? -Infinity) <= (fresh[0]?.timestamp ?? Infinity);
		const all = [...left, ...fresh];
		this.waiting = isInOrder ? all : all.toSorted((a, b) => a.timestamp - b.timestamp);
		this.next = 0;
	}
}
