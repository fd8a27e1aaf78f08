// Asks a page for a full snapshot where the server does not know any more what it shows [R15]. Rarely, since the page pays
// for it in the turn of its own work.
import { SNAPSHOT_EVERY_MS } from './hub-limits.ts';

export type SnapshotAskerOptions = {
	now(): number;
	/** Sends the question to the page's own connection, if there is one. @returns whether it was sent */
	ask(pageId: string): boolean;
	/** Has it sent by the hub that holds the page's connection, if there is one. */
	askElsewhere(pageId: string): boolean;
};

export class SnapshotAsker {
	private readonly options: SnapshotAskerOptions;
	/** In the order of asking. */
	private readonly askedAt = new Map<string, number>();

	constructor(options: SnapshotAskerOptions) {
		this.options = options;
	}

	/** Pages that are not asked again yet. */
	get size(): number {
		return this.askedAt.size;
	}

	want(pageId: string): void {
		this.once(pageId, () => this.options.ask(pageId) || this.options.askElsewhere(pageId));
	}

	/** Another hub wants it of whoever holds the connection. */
	wantHere(pageId: string): void {
		this.once(pageId, () => this.options.ask(pageId));
	}

	/** It is gone for good. */
	forget(pageId: string): void {
		this.askedAt.delete(pageId);
	}

	private once(pageId: string, ask: () => boolean): void {
		const now = this.options.now();
		if (now - (this.askedAt.get(pageId) ?? Number.NEGATIVE_INFINITY) < SNAPSHOT_EVERY_MS) return;
		this.forgetOld(now);
		if (ask()) this.askedAt.set(pageId, now);
	}

	/** Pages of other hubs go without a word here, so what says nothing any more goes by its age: the oldest are the first. */
	private forgetOld(now: number): void {
		for (const [pageId, askedAt] of this.askedAt) {
			if (now - askedAt < SNAPSHOT_EVERY_MS) return;
			this.askedAt.delete(pageId);
		}
	}
}
