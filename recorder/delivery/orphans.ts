// Delivers for pages that are gone what they could not: found by their copies, taken for gone when nobody holds their
// lock. Whichever page of the impersonation looks first does it, the next document of the tab or a sibling tab [R17].
import { unpackCopy } from './copy-format.ts';
import type { CopySeal } from './copy-seal.ts';
import type { CopyStore } from './copy-store.ts';
import { deliverOrphan } from './deliver-orphan.ts';
import { ASK_SAFE_AGAIN_MS, LOOK_FOR_ORPHANS_MS, MAX_ORPHANS_AT_ONCE } from './limits.ts';
import type { PageLocks } from './page-lock.ts';
import type { Batch } from './uplink.ts';
import type { OpenWire } from './wire.ts';

export type OrphansOptions = { store: CopyStore; locks: PageLocks; openWire: OpenWire; ownPageId: string };

export class Orphans {
	private readonly options: OrphansOptions;
	private seal: CopySeal | null = null;
	private lookedAt = Number.NEGATIVE_INFINITY;
	private readonly underWay = new Set<string>();
	/** Delivered, not sealed yet: not asked again before then. */
	private readonly restUntil = new Map<string, number>();
	private readonly stops = new Set<() => void>();
	private isStopped = false;

	constructor(options: OrphansOptions) {
		this.options = options;
	}

	/** The key of the impersonation is there. */
	start(seal: CopySeal): void {
		this.seal = seal;
		this.look();
	}

	/** Looks for pages that are gone, now and then; called on every beat, since a hidden tab's timers sleep. */
	look(): void {
		const now = performance.now();
		if (!this.seal || this.isStopped || now - this.lookedAt < LOOK_FOR_ORPHANS_MS) return;
		this.lookedAt = now;
		this.deliverAll(this.seal).catch((error: unknown) =>
			console.warn('The recorder could not deliver for a page that is gone', error)
		);
	}

	stop(): void {
		this.isStopped = true;
		for (const stop of this.stops) stop();
	}

	private async deliverAll(seal: CopySeal): Promise<void> {
		const { store, locks, ownPageId } = this.options;
		for (const pageId of await store.pages(seal.name)) {
			if (this.isStopped || this.underWay.size >= MAX_ORPHANS_AT_ONCE) return;
			const isResting = (this.restUntil.get(pageId) ?? 0) > performance.now();
			if (pageId === ownPageId || this.underWay.has(pageId) || isResting) continue;
			this.underWay.add(pageId);
			void locks
				.ifGone(pageId, () => this.deliver(seal, pageId))
				.catch((error: unknown) => console.warn('A page that is gone could not be delivered', error))
				.finally(() => this.underWay.delete(pageId));
		}
	}

	private async deliver(seal: CopySeal, pageId: string): Promise<void> {
		const { store, openWire } = this.options;
		const found = await Promise.all(
			(await store.read(seal.name, pageId)).map((sealed) => seal.open(sealed, pageId))
		);
		const copies = found.flatMap((bytes) => (bytes ? (unpackCopy(bytes) ?? []) : []));
		const batches = inOrder(copies.flatMap((copy) => copy.batches));
		const ticket = copies[0]?.ticket;
		// Damaged, or removed by its page in the moment it went: there is nothing to deliver.
		if (ticket === undefined || batches.length === 0) return store.removePage(seal.name, pageId);
		if (this.isStopped) return;
		const delivery = deliverOrphan({ ticket, batches, openWire });
		this.stops.add(delivery.stop);
		const outcome = await delivery.done;
		this.stops.delete(delivery.stop);
		if (outcome === 'safe' || outcome === 'refused') store.removePage(seal.name, pageId);
		else this.restUntil.set(pageId, performance.now() + ASK_SAFE_AGAIN_MS);
	}
}

/** Each number once: last words may repeat what was stored before. */
function inOrder(batches: readonly Batch[]): Batch[] {
	const byNumber = new Map(batches.map((batch) => [batch.seq, batch]));
	return [...byNumber.values()].toSorted((a, b) => a.seq - b.seq);
}
