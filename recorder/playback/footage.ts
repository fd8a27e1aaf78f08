// All that is known of a recording while it is played: its index, the pieces read last, the words behind its blocks. Finds
// the piece that is asked for wherever it lies by now: what was merged with others, or sealed since the index was read, is
// looked up in the index again, once.
import { clockOf, decodePayload, type BlockPayload } from '../format/block-payload.ts';
import { isInteraction } from '../format/activity.ts';
import { decodeBatch, type RecordedEvent } from '../format/events.ts';
import type { AssetLookup } from '../format/safe-css.ts';
import type { FramedBatch } from '../format/block-frames.ts';
import type { PersonalNote } from '../format/masked.ts';
import { Film, type Piece } from './film.ts';
import type { FilmIndex } from './film-index.ts';
import { PieceError, type PieceSource, type Tail } from './piece-source.ts';
import { Pieces } from './pieces.ts';
import { inSlices } from './slices.ts';
import { PersonalWords } from './unmask.ts';

export type Damaged = { pageId: string; batches: number };
export type ReadPiece = { piece: Piece; payload: BlockPayload };

/** One that is gone, one look into the index, and some that are damaged before another is taken in their place. */
const MAX_TRIES = 5;

/** One that was sealed while it was asked for, and once more. */
const TAIL_TRIES = 2;

export class Footage {
	film: Film;
	readonly pieces: Pieces;
	private readonly source: PieceSource;
	private readonly onDamaged: (damaged: Damaged) => void;
	private readonly words = new Map<string, PersonalWords>();
	private readonly damaged = new Set<string>();
	/** Told once each. */
	private readonly told = new Set<string>();
	private refreshing: Promise<void> | null = null;

	constructor(index: FilmIndex, source: PieceSource, onDamaged: (damaged: Damaged) => void) {
		this.film = new Film(index);
		this.source = source;
		this.pieces = new Pieces(source);
		this.onDamaged = onDamaged;
	}

	/** Reads the index again: blocks were merged, more was sealed, a running recording went on. @throws PieceError */
	refresh(): Promise<void> {
		this.refreshing ??= this.look().finally(() => (this.refreshing = null));
		return this.refreshing;
	}

	/**
	 * Reads the piece that `pick` finds in the film, which may be another one after the index was read again.
	 * @returns null where there is none, or none that can be read
	 * @throws PieceError `failed`: it may be there the next time
	 */
	async read(pick: (film: Film) => Piece | null): Promise<ReadPiece | null> {
		let hasLooked = false;
		for (let tries = 0; tries < MAX_TRIES; tries++) {
			const piece = pick(this.film);
			if (!piece) return null;
			try {
				return { piece, payload: await this.payloadOf(piece) };
			} catch (error) {
				if (!(error instanceof PieceError) || error.why === 'failed') throw error;
				if (error.why === 'gone' && !hasLooked) await this.refresh();
				else this.giveUp(piece);
				hasLooked ||= error.why === 'gone';
			}
		}
		return null;
	}

	/** Reads the rests of pages that may show who acted last before `at`. @throws PieceError `failed` */
	async readTails(at: number): Promise<void> {
		for (let tries = 0; tries < TAIL_TRIES; tries++) {
			const unread = this.film.unreadTails(at);
			if (unread.length === 0) return;
			const { film } = this;
			for (const piece of unread) await this.read(() => (film === this.film ? piece : null));
		}
		for (const piece of this.film.unreadTails(at)) this.giveUp(piece);
	}

	/** Where this page's pictures are. */
	assetsOf(pageId: string): AssetLookup | undefined {
		return this.source.assets?.(pageId);
	}

	unmask(pageId: string, notes: readonly PersonalNote[]): void {
		this.words.set(pageId, new PersonalWords(notes));
	}

	/** Puts the words back, for a reviewer who unmasked them; in events that were parsed for one showing. */
	withWords(pageId: string, events: RecordedEvent[]): RecordedEvent[] {
		return this.words.get(pageId)?.show(events) ?? events;
	}

	/** Batches that could not be read were left out; the rest plays. */
	tellDamaged(pageId: string, firstSeq: number, batches: number): void {
		const key = `${pageId} ${firstSeq}`;
		if (this.told.has(key)) return;
		this.told.add(key);
		this.onDamaged({ pageId, batches });
	}

	private async look(): Promise<void> {
		const index = await this.source.index();
		this.pieces.forgetTails();
		this.film = new Film(index, this.damaged);
	}

	private async payloadOf(piece: Piece): Promise<BlockPayload> {
		const { blockId, pageId, firstSeq } = piece;
		if (blockId !== null) return decoded(await this.pieces.block(blockId));
		const tail = await this.pieces.tail(pageId, firstSeq);
		const payload = decoded(tail.bytes);
		// Sealed since the index was read: it begins elsewhere now.
		const starts = payload.batches[0]?.seq ?? tail.lastSeq + 1;
		if (starts !== firstSeq) throw new PieceError('gone');
		if (piece.checkpoint === 'unread') await this.note(piece, tail, payload);
		return payload;
	}

	private async note(piece: Piece, tail: Tail, payload: BlockPayload): Promise<void> {
		const { film } = this;
		const clock = clockOf(payload);
		const acts: number[] = [];
		const slice = inSlices();
		for (const batch of payload.batches) {
			for (const event of eventsOf(batch)) {
				const at = clock.align(event.timestamp, batch);
				if (isInteraction(event)) acts.push(at);
			}
			await slice();
		}
		// The rest may hold less than the index promised: then there is nothing behind it.
		const hasMore = tail.hasMore && payload.batches.length > 0;
		film.noteTail(piece, { ...tail, hasMore }, acts, Math.max(piece.fromAt, clock.reached));
	}

	private giveUp(piece: Piece): void {
		const { blockId, pageId, firstSeq, lastSeq } = piece;
		if (blockId === null)
			return this.film.noteTail(
				piece,
				{ checkpoint: 'failed', lastSeq: firstSeq - 1, hasMore: false },
				[],
				0
			);
		this.tellDamaged(pageId, firstSeq, lastSeq - firstSeq + 1);
		this.damaged.add(blockId);
		this.film = new Film(this.film.index, this.damaged);
	}
}

function decoded(bytes: Uint8Array): BlockPayload {
	try {
		return decodePayload(bytes);
	} catch (error) {
		throw new PieceError('damaged', { cause: error });
	}
}

function eventsOf({ bytes }: FramedBatch): RecordedEvent[] {
	try {
		return decodeBatch(bytes);
	} catch {
		// Counted and told when it is shown.
		return [];
	}
}
