// Pieces of a recording as bytes: each read once, however often it is asked for at a time, and the last few kept. Bytes,
// not events: a Replayer changes the events it is given, so each showing parses afresh; and bytes can be counted.
import { PieceError, type PieceSource, type Tail } from './piece-source.ts';

/** The one shown, the next, the one before, and two more for a person who goes back and forth. */
const MAX_KEPT = 5;
/** A usual block takes up half a megabyte once unpacked, a compacted one three. */
const MAX_KEPT_BYTES = 24 * 1024 * 1024;

/** What no block of ours comes near: reading it could end the tab. */
const MAX_PIECE_BYTES = 256 * 1024 * 1024;

type Kept = { bytes: Uint8Array; tail: Tail | null };

export class Pieces {
	private readonly source: PieceSource;
	private readonly limits: { kept: number; bytes: number };
	/** Least recently used first. */
	private readonly kept = new Map<string, Kept>();
	private readonly reading = new Map<string, Promise<Kept>>();

	constructor(source: PieceSource, limits = { kept: MAX_KEPT, bytes: MAX_KEPT_BYTES }) {
		this.source = source;
		this.limits = limits;
	}

	/** How much is held; the newest piece is, however large. */
	get size(): { pieces: number; bytes: number } {
		let bytes = 0;
		for (const one of this.kept.values()) bytes += one.bytes.byteLength;
		return { pieces: this.kept.size, bytes };
	}

	/** @throws PieceError */
	async block(blockId: string): Promise<Uint8Array> {
		const read = async (): Promise<Kept> => ({ bytes: await this.source.block(blockId), tail: null });
		return (await this.piece(`block ${blockId}`, read)).bytes;
	}

	/** @throws PieceError */
	async tail(pageId: string, from: number): Promise<Tail> {
		const { tail } = await this.piece(`tail ${pageId} ${from}`, async () => {
			const read = await this.source.tail(pageId, from);
			return { bytes: read.bytes, tail: read };
		});
		if (!tail) throw new PieceError('damaged');
		return tail;
	}

	/** Reads it ahead of need. That it fails is found out, and told, once it is needed. */
	prefetch(blockId: string): void {
		this.block(blockId).catch(() => null);
	}

	/** A page's rest grows and is sealed: what was read of it counts no more. */
	forgetTails(): void {
		for (const key of this.kept.keys()) if (key.startsWith('tail ')) this.kept.delete(key);
	}

	private async piece(key: string, read: () => Promise<Kept>): Promise<Kept> {
		const known = this.kept.get(key);
		if (known) {
			this.kept.delete(key);
			this.kept.set(key, known);
			return known;
		}
		const underWay = this.reading.get(key);
		if (underWay) return underWay;
		const reading = this.take(key, read);
		this.reading.set(key, reading);
		try {
			return await reading;
		} finally {
			this.reading.delete(key);
		}
	}

	private async take(key: string, read: () => Promise<Kept>): Promise<Kept> {
		const piece = await read();
		if (piece.bytes.byteLength > MAX_PIECE_BYTES) throw new PieceError('damaged');
		this.kept.set(key, piece);
		this.evict();
		return piece;
	}

	private evict(): void {
		let { pieces, bytes } = this.size;
		for (const [key, { bytes: old }] of this.kept) {
			if (pieces <= 1 || (pieces <= this.limits.kept && bytes <= this.limits.bytes)) return;
			this.kept.delete(key);
			pieces--;
			bytes -= old.byteLength;
		}
	}
}
