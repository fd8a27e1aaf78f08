// Who is next of those who wait for something that one after the other gets. Agencies by what they had of it so far, not by when they came:
// whoever asks for much waits behind whoever asked for little. Pages of one agency by turns.

export type Author = { agencyId: string; pageId: string };

export class FairQueue<Item> {
	/** By agency, then by page, the one served last behind the others; each page's in the order they came. */
	private readonly waiting = new Map<string, Map<string, Item[]>>();
	/** What an agency had, in ms, while that is more than its part; kept as long. */
	private readonly had = new Map<string, number>();
	/** The part of each, had it always waited. Who comes new begins here, without credit for the time before. */
	private part = 0;
	/** Of two that had the same, the other one is next. */
	private servedLast: string | null = null;
	private count = 0;

	get size(): number {
		return this.count;
	}

	/** Agencies that had more than their part. */
	get remembered(): number {
		return this.had.size;
	}

	push({ agencyId, pageId }: Author, item: Item): void {
		this.itemsOf(agencyId, pageId).push(item);
		this.count++;
	}

	/** Before all others of its page, as what is tried again. */
	putBack({ agencyId, pageId }: Author, item: Item): void {
		this.itemsOf(agencyId, pageId).unshift(item);
		this.count++;
	}

	take(): Item | undefined {
		const agencyId = this.leastServed();
		const pages = agencyId === undefined ? undefined : this.waiting.get(agencyId);
		const [first] = pages ?? [];
		if (!first || !pages || agencyId === undefined) return undefined;
		const [pageId, items] = first;
		const item = items.shift();
		pages.delete(pageId);
		if (items.length > 0) pages.set(pageId, items);
		if (pages.size === 0) this.waiting.delete(agencyId);
		this.count--;
		return item;
	}

	/** What serving somebody took. */
	spend({ agencyId }: Author, ms: number): void {
		this.servedLast = agencyId;
		this.had.set(agencyId, this.hadBy(agencyId) + ms);
		const rivals = this.waiting.size + (this.waiting.has(agencyId) ? 0 : 1);
		this.part += ms / rivals;
		for (const [known, had] of this.had) if (had <= this.part) this.had.delete(known);
	}

	private leastServed(): string | undefined {
		let least: string | undefined;
		for (const agencyId of this.waiting.keys())
			if (least === undefined || this.comesBefore(agencyId, least)) least = agencyId;
		return least;
	}

	private comesBefore(agencyId: string, other: string): boolean {
		const difference = this.hadBy(agencyId) - this.hadBy(other);
		return difference === 0 ? other === this.servedLast : difference < 0;
	}

	private hadBy(agencyId: string): number {
		return Math.max(this.part, this.had.get(agencyId) ?? 0);
	}

	private itemsOf(agencyId: string, pageId: string): Item[] {
		const pages = this.waiting.get(agencyId) ?? new Map<string, Item[]>();
		this.waiting.set(agencyId, pages);
		const items = pages.get(pageId) ?? [];
		pages.set(pageId, items);
		return items;
	}
}
