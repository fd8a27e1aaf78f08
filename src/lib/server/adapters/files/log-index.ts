// What is alive in the live log: pages, and which segment files may go. Knows no file system.
import type { RecordHead } from './log-record.ts';
import { PageIndex } from './page-index.ts';

type SegmentFacts = {
	alive: number;
	/** Pages of which any record lies here, dead or alive. */
	pages: Set<string>;
	tombstones: Set<string>;
	/** Pages whose newest record of a trim lies here. */
	trims: Set<string>;
};

export class LogIndex {
	readonly #pages = new Map<string, PageIndex>();
	readonly #segments = new Map<number, SegmentFacts>();

	page(pageId: string): PageIndex | undefined {
		return this.#pages.get(pageId);
	}

	pages(): [string, PageIndex][] {
		return [...this.#pages];
	}

	/** Takes up a record in the order of the files; a number that the page has already is ignored. */
	record(head: RecordHead, segment: number, offset: number, length: number): void {
		const facts = this.segment(segment);
		if (head.kind === 'tombstone') {
			facts.tombstones.add(head.pageId);
			this.#forget(head.pageId);
			return;
		}
		facts.pages.add(head.pageId);
		const page = this.#pages.get(head.pageId) ?? new PageIndex(head.impersonationId);
		this.#pages.set(head.pageId, page);
		if (head.kind === 'trim') return this.#trim(head, page, segment);
		if (page.has(head.seq)) return;
		page.add({ seq: head.seq, segment, offset, length });
		facts.alive += 1;
	}

	segment(number: number): SegmentFacts {
		const facts = this.#segments.get(number) ?? {
			alive: 0,
			pages: new Set(),
			tombstones: new Set(),
			trims: new Set()
		};
		this.#segments.set(number, facts);
		return facts;
	}

	/**
	 * Pages whose record of a trim is all that keeps a finished segment: written once more into the current one they let
	 * it go. Without any such record the page would begin at 0 again at the next start.
	 */
	trimsToCarry(current: number | null): string[] {
		return [...this.#segments].flatMap(([number, { alive, trims }]) =>
			alive === 0 && number !== current ? [...trims] : []
		);
	}

	/**
	 * Takes out the segments in which nothing is alive. One with a tombstone stays while an older file still holds
	 * records of that page: without the tombstone they would rise again at the next start.
	 */
	takeDead(current: number | null): number[] {
		const dead: number[] = [];
		const held = new Set<string>();
		for (const [number, facts] of [...this.#segments].toSorted(([a], [b]) => a - b)) {
			const isNeeded =
				facts.alive > 0 ||
				facts.trims.size > 0 ||
				number === current ||
				[...facts.tombstones].some((page) => held.has(page));
			if (isNeeded) for (const page of facts.pages) held.add(page);
			else dead.push(number);
		}
		for (const number of dead) this.#segments.delete(number);
		return dead;
	}

	#trim({ pageId, seq }: RecordHead, page: PageIndex, segment: number): void {
		this.#bury(page.trim(seq));
		if (page.trimmedIn !== null) this.segment(page.trimmedIn).trims.delete(pageId);
		page.trimmedIn = segment;
		this.segment(segment).trims.add(pageId);
	}

	#forget(pageId: string): void {
		const page = this.#pages.get(pageId);
		if (!page) return;
		this.#bury(page.segments());
		if (page.trimmedIn !== null) this.segment(page.trimmedIn).trims.delete(pageId);
		this.#pages.delete(pageId);
	}

	#bury(counts: ReadonlyMap<number, number>): void {
		for (const [segment, count] of counts) this.segment(segment).alive -= count;
	}
}
