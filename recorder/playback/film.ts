// A recording on one timeline, told from its index: which page is shown when, where somebody acted, and from which piece
// (a block, or the not yet sealed rest of a page) the picture of a moment is made. Pages may follow each other (reloads)
// or overlap (tabs). No events and no DOM in here.
import { turnsOf, type Turn } from '../format/turns.ts';
import { actsOf, type FilmIndex, type IndexedBlock, type IndexedPage, type Span } from './film-index.ts';
import type { TailFacts } from './piece-source.ts';
import { countUpTo, lastUpTo, union } from './spans.ts';

export type Piece = {
	pageId: string;
	/** Null for a rest that is not sealed yet: it is read by its first number. */
	blockId: string | null;
	firstSeq: number;
	/** Infinity while that rest was not read. */
	lastSeq: number;
	fromAt: number;
	checkpoint: TailFacts['checkpoint'] | 'unread';
};

type Page = { pageId: string; startsAt: number; pieces: Piece[]; acts: Span[] };

/** Where a block begins without a picture, so many before it are played from the last one that has one. */
const MAX_BACK = 60;

/** Whether a page can be shown from here on without what came before. */
export const startsWithPicture = ({ checkpoint }: Piece): boolean =>
	checkpoint === 'whole' || checkpoint === 'empty' || checkpoint === 'unread';

export class Film {
	readonly index: FilmIndex;
	private readonly pages = new Map<string, Page>();
	private readonly damaged: ReadonlySet<string>;
	private turns: Turn[] = [];
	private activity: Span[] = [];

	/** `damaged`: ids of blocks that cannot be read; it is as if they were not there. */
	constructor(index: FilmIndex, damaged: ReadonlySet<string> = new Set()) {
		this.index = index;
		this.damaged = damaged;
		for (const page of index.pages) this.addPage(page);
		this.sort();
	}

	/** The page on the screen at a hub time: the one somebody last acted on or opened. */
	pageAt(at: number): string | null {
		// Before the first page there is nothing to see yet: its first picture is better than none.
		return (lastUpTo(this.turns, at) ?? this.turns[0])?.pageId ?? null;
	}

	/** When another page than this one comes to the screen, after `at` and not after `until`. */
	nextTurn(pageId: string, at: number, until: number): Turn | null {
		for (let place = countUpTo(this.turns, at); place < this.turns.length; place++) {
			const turn = this.turns[place];
			if (!turn || turn.from > until) return null;
			if (turn.pageId !== pageId) return turn;
		}
		return null;
	}

	/**
	 * When somebody acts or a page begins, next after `at`; `at` itself while somebody does. A rest that was not read may hold
	 * anything, so it counts where it begins.
	 */
	nextActivity(at: number): number | null {
		const now = lastUpTo(this.activity, at);
		if (now && now.to > at) return at;
		const known = this.activity[countUpTo(this.activity, at)]?.from ?? Infinity;
		const unread = this.unreadTails(Infinity).map(({ fromAt }) => fromAt);
		const next = Math.min(known, ...unread.filter((from) => from > at));
		return Number.isFinite(next) ? next : null;
	}

	/** From where this page is to be played to see it at `at`: the piece of that moment, or one before it with a picture. */
	startOf(pageId: string, at: number): Piece | null {
		const page = this.pages.get(pageId);
		const pieces = page?.pieces ?? [];
		const begun = pieces.findLastIndex(({ fromAt }) => fromAt <= at);
		// What the page began with cannot be read: what it showed later is no picture of this moment.
		if (begun === -1 && page && at >= page.startsAt) return null;
		const wanted = Math.max(0, begun);
		for (let place = wanted; place >= Math.max(0, wanted - MAX_BACK); place--) {
			const [before, piece] = [pieces[place - 1], pieces[place]];
			if (!piece) return null;
			if (startsWithPicture(piece)) return piece;
			// Over a hole nothing can be carried on.
			if (before?.lastSeq !== piece.firstSeq - 1) break;
		}
		return pieces[wanted] ?? null;
	}

	/** What comes on this page behind the batch of this number: it goes right on where `firstSeq` is not above the next. */
	follow(pageId: string, seq: number): Piece | null {
		return this.pages.get(pageId)?.pieces.find(({ lastSeq }) => lastSeq > seq) ?? null;
	}

	/** The piece before the one that holds this number. */
	before(pageId: string, seq: number): Piece | null {
		return this.pages.get(pageId)?.pieces.findLast(({ lastSeq }) => lastSeq < seq) ?? null;
	}

	/** Rests that begin not after `at` and were not read: only they can say who acted in them. */
	unreadTails(at: number): Piece[] {
		return [...this.pages.values()].flatMap(({ pieces }) =>
			pieces.filter(({ checkpoint, fromAt }) => checkpoint === 'unread' && fromAt <= at)
		);
	}

	/** What was found in a rest. One that goes on gets a piece behind it. */
	noteTail(piece: Piece, { checkpoint, lastSeq, hasMore }: TailFacts, acts: number[], until: number): void {
		const page = this.pages.get(piece.pageId);
		if (piece.checkpoint !== 'unread' || !page?.pieces.includes(piece)) return;
		Object.assign(piece, { checkpoint, lastSeq } satisfies Partial<Piece>);
		if (hasMore)
			page.pieces.push({
				...piece,
				firstSeq: lastSeq + 1,
				lastSeq: Infinity,
				fromAt: until,
				checkpoint: 'unread'
			});
		page.acts.push(...acts.map((at) => ({ from: at, to: at })));
		this.sort();
	}

	private addPage({ pageId, firstEventAt, blocks, tailFrom }: IndexedPage): void {
		const readable = blocks.filter(({ id }) => !this.damaged.has(id));
		const pieces = readable.map((block) => pieceOf(pageId, block));
		const startsAt = blocks[0]?.fromAt ?? firstEventAt;
		if (tailFrom !== null) {
			const fromAt = blocks.at(-1)?.toAt ?? startsAt;
			pieces.push({
				pageId,
				blockId: null,
				firstSeq: tailFrom,
				lastSeq: Infinity,
				fromAt,
				checkpoint: 'unread'
			});
		}
		this.pages.set(pageId, { pageId, startsAt, pieces, acts: blocks.flatMap(actsOf) });
	}

	private sort(): void {
		const pages = [...this.pages.values()];
		this.turns = turnsOf(pages.map((page) => ({ ...page, acts: page.acts.map(({ from }) => from) })));
		const starts = pages.map(({ startsAt }) => ({ from: startsAt, to: startsAt }));
		this.activity = union([...starts, ...pages.flatMap(({ acts }) => acts)]);
	}
}

const pieceOf = (pageId: string, { id, firstSeq, lastSeq, fromAt, checkpoint }: IndexedBlock): Piece => ({
	pageId,
	blockId: id,
	firstSeq,
	lastSeq,
	fromAt,
	checkpoint
});
