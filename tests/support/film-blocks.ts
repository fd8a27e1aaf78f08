// A recording cut into blocks as the sealer cuts it, without keys and without a server: what a player is given.
import { PageClock } from '#recorder/format/align.ts';
import { isInteraction } from '#recorder/format/activity.ts';
import { encodeActivity } from '#recorder/format/block-activity.ts';
import { frameBatch, type FramedBatch } from '#recorder/format/block-frames.ts';
import { encodePayload } from '#recorder/format/block-payload.ts';
import { encodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import type { FilmIndex, IndexedBlock, IndexedPage } from '../../recorder/playback/film-index.ts';
import { PieceError, type PieceSource, type Tail } from '../../recorder/playback/piece-source.ts';

export type FilmOptions = {
	startAt: number;
	endAt: number;
	/** A block ends before it would span more. */
	spanMs?: number;
	/** What happened from then on is not sealed yet. */
	sealedUntil?: number;
	isRunning?: boolean;
};

export type MadeFilm = { index: FilmIndex; blocks: Map<string, Uint8Array>; tails: Map<string, Tail> };

/** Takes what a block holds, one after the other: hours of them fit into no memory. */
export type Keep = (block: IndexedBlock, payload: Uint8Array) => void;

type Read = { batch: FramedBatch; events: RecordedEvent[] };

const BATCH_MS = 250;

function* batchesOf(events: Iterable<RecordedEvent>): Generator<Read> {
	let seq = 0;
	let group: RecordedEvent[] = [];
	const made = (): Read => ({
		batch: { seq: seq++, receivedAt: group.at(-1)!.timestamp + 20, offsetMs: 0, bytes: encodeBatch(group) },
		events: group
	});
	for (const event of events) {
		if (group[0] && event.timestamp - group[0].timestamp >= BATCH_MS) {
			yield made();
			group = [];
		}
		group.push(event);
	}
	if (group.length > 0) yield made();
}

/** Follows one page from block to block. */
class Cutter {
	readonly indexed: IndexedBlock[] = [];
	private readonly pageId: string;
	private readonly keep: Keep;
	private readonly shadow = new ShadowDocument({ maxNodes: 250_000, maxBytes: 96 * 1024 * 1024 });
	private readonly clock: PageClock;

	constructor(pageId: string, from: number, keep: Keep) {
		this.pageId = pageId;
		this.clock = new PageClock(from);
		this.keep = keep;
	}

	payload(batches: readonly FramedBatch[]): { bytes: Uint8Array; checkpoint: 'empty' | 'whole' } {
		const checkpoint = this.shadow.state === 'empty' ? 'empty' : 'whole';
		const clockAt = this.clock.reached;
		const events = checkpoint === 'whole' ? this.shadow.checkpoint(clockAt) : [];
		return {
			bytes: encodePayload({ checkpoint: events, clockAt, frames: batches.map(frameBatch) }),
			checkpoint
		};
	}

	seal(read: readonly Read[]): void {
		const { bytes, checkpoint } = this.payload(read.map(({ batch }) => batch));
		const [acts, times]: [number[], number[]] = [[], []];
		for (const { batch, events } of read)
			for (const event of events) {
				const timestamp = this.clock.align(event.timestamp, batch);
				this.shadow.apply({ ...event, timestamp });
				times.push(timestamp);
				if (isInteraction(event)) acts.push(timestamp);
			}
		const span = { fromAt: times[0]!, toAt: times.at(-1)! };
		const block = {
			...span,
			id: `${this.pageId}-${this.indexed.length}`,
			firstSeq: read[0]!.batch.seq,
			lastSeq: read.at(-1)!.batch.seq,
			checkpoint,
			activity: Buffer.from(encodeActivity(span, { batches: times, acts })).toString('base64')
		};
		this.indexed.push(block);
		this.keep(block, bytes);
	}
}

function cutPage(
	pageId: string,
	events: Iterable<RecordedEvent>,
	{ spanMs = 10_000, sealedUntil = Infinity }: FilmOptions,
	keep: Keep
): { page: IndexedPage; tail: Tail | null } {
	let cutter: Cutter | null = null;
	let [first, last] = [0, 0];
	let block: Read[] = [];
	const rest: FramedBatch[] = [];
	let lastSeq = -1;
	for (const one of batchesOf(events)) {
		last = one.events.at(-1)!.timestamp;
		if (!cutter) first = one.events[0]!.timestamp;
		cutter ??= new Cutter(pageId, first, keep);
		if (block[0] && (last > sealedUntil || last - block[0].events[0]!.timestamp > spanMs)) {
			cutter.seal(block);
			block = [];
		}
		if (last > sealedUntil) rest.push(one.batch);
		else block.push(one);
		lastSeq = one.batch.seq;
	}
	if (!cutter) throw new Error('a page needs events');
	if (block.length > 0) cutter.seal(block);
	const times = { firstEventAt: first, lastEventAt: last };
	const page = { pageId, ...times, blocks: cutter.indexed, tailFrom: rest[0]?.seq ?? null };
	return { page, tail: rest.length > 0 ? { ...cutter.payload(rest), lastSeq, hasMore: false } : null };
}

/** Events of each page by its id, in the order the pages were opened. */
export function makeFilm(
	pages: Record<string, Iterable<RecordedEvent>>,
	options: FilmOptions,
	keep?: Keep
): MadeFilm {
	const blocks = new Map<string, Uint8Array>();
	const keepAll: Keep = ({ id }, payload) => blocks.set(id, payload);
	const cuts = Object.entries(pages).map(([id, events]) => cutPage(id, events, options, keep ?? keepAll));
	const { startAt, endAt, isRunning = false } = options;
	const tails = cuts.flatMap(({ page, tail }) => (tail ? [[page.pageId, tail] as const] : []));
	return {
		index: { startAt, endAt, isRunning, pages: cuts.map(({ page }) => page) },
		blocks,
		tails: new Map(tails)
	};
}

/** A source that counts: what was read, in order. What is not in the film is gone. */
export class CountingSource implements PieceSource {
	readonly reads: string[] = [];
	film: MadeFilm;
	/** Reads fail as if the network were down. */
	isDown = false;

	constructor(film: MadeFilm) {
		this.film = film;
	}

	async block(blockId: string): Promise<Uint8Array> {
		this.note(blockId);
		const bytes = this.film.blocks.get(blockId);
		if (!bytes) throw new PieceError('gone');
		return bytes;
	}

	async tail(pageId: string, from: number): Promise<Tail> {
		this.note(`tail of ${pageId} from ${from}`);
		const tail = this.film.tails.get(pageId);
		if (!tail) throw new PieceError('gone');
		return tail;
	}

	async index(): Promise<FilmIndex> {
		this.note('index');
		return this.film.index;
	}

	private note(what: string): void {
		this.reads.push(what);
		if (this.isDown) throw new PieceError('failed');
	}
}
