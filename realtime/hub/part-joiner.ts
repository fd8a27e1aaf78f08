// Joins the parts of one batch of one connection. At most one batch is under way, so a page can never hold more than the
// largest batch in our memory.
import type { AppendHeader } from '#protocol/record.ts';
import type { Content } from '#realtime/scribe/write-batch.ts';
import { PARTS_DEADLINE_MS } from './hub-limits.ts';

type UnderWay = { seq: number; parts: number; startedAt: number; chunks: Uint8Array[] };

export type Joined = { done: true; content: Content } | { done: false } | { error: 'malformed' };

export class PartJoiner {
	private underWay: UnderWay | null = null;

	/** Takes a part; parts come in order, and a new batch's part 0 abandons an incomplete one. */
	take(header: AppendHeader, content: Content, now: number): Joined {
		const { seq, part, parts } = header;
		if (part >= parts) return this.fail();
		if (parts === 1) {
			this.underWay = null;
			return { done: true, content };
		}
		// Cut text could end within a character; only whole batches come so.
		return typeof content === 'string' ? this.fail() : this.join({ seq, part, parts }, content, now);
	}

	private join({ seq, part, parts }: AppendHeader, bytes: Uint8Array, now: number): Joined {
		if (part === 0) this.underWay = { seq, parts, startedAt: now, chunks: [] };
		const batch = this.underWay;
		if (!batch || batch.seq !== seq || batch.parts !== parts || batch.chunks.length !== part)
			return this.fail();
		batch.chunks.push(bytes);
		if (batch.chunks.length < parts) return { done: false };
		this.underWay = null;
		return { done: true, content: Buffer.concat(batch.chunks) };
	}

	/** Forgets parts whose rest never came. Attack: many pages each leaving 16 MB unfinished. */
	dropStale(now: number): boolean {
		if (!this.underWay || now - this.underWay.startedAt < PARTS_DEADLINE_MS) return false;
		this.underWay = null;
		return true;
	}

	private fail(): Joined {
		this.underWay = null;
		return { error: 'malformed' };
	}
}
