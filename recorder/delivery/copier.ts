// Keeps a sealed copy of every batch in the browser until it is safe, so that it outlives the document, the tab and the
// browser. Until the handshake brings the key, batches wait in memory only: nothing readable is ever stored [R14].
import { packCopy } from './copy-format.ts';
import type { CopyKey, CopySeal, Sealed } from './copy-seal.ts';
import type { CopyStore } from './copy-store.ts';
import { COPY_EVERY_MS, KEEP_BYTES } from './limits.ts';
import type { Batch } from './uplink.ts';

export type CopierOptions = { pageId: string; ticket: string; store: CopyStore };

type Stored = { key: CopyKey; last: number; bytes: number };

export class Copier {
	private readonly options: CopierOptions;
	private seal: CopySeal | null = null;
	/** Not stored yet, oldest first; those being sealed are still here. */
	private pending: Batch[] = [];
	private stored: Stored[] = [];
	private storedBytes = 0;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private isSealing = false;
	private isOff = false;
	/** Counts restarts: what was being sealed before one must not be stored after it. */
	private beginnings = 0;

	constructor(options: CopierOptions) {
		this.options = options;
	}

	add(batch: Batch): void {
		if (this.isOff) return;
		this.pending.push(batch);
		this.schedule();
	}

	/** The key is there. Null: there is none, and nothing is kept. */
	open(seal: CopySeal | null): void {
		this.seal = seal;
		if (seal) return this.schedule();
		this.stop();
		this.pending = [];
	}

	/** Copies up to this number are not needed any more. */
	keepAbove(safe: number): void {
		this.pending = this.pending.filter(({ seq }) => seq > safe);
		while (this.stored[0] && this.stored[0].last <= safe) this.forgetOldest();
	}

	/** Numbers were given up and will be used again: only these batches count. */
	restart(batches: readonly Batch[]): void {
		while (this.stored.length > 0) this.forgetOldest();
		this.beginnings++;
		this.pending = this.isOff ? [] : [...batches];
		this.schedule();
	}

	/** Stores the rest in this very turn: there may be no other. */
	writeNow(): void {
		const { seal, pending } = this;
		if (!seal || pending.length === 0) return;
		// What does not fit is a gap that the hub will show; the oldest come first, since numbers have no holes.
		for (let count = pending.length; count > 0; count = Math.floor(count / 2)) {
			const batches = pending.slice(0, count);
			const sealed = seal.sealNow(packCopy({ ticket: this.options.ticket, batches }));
			if (!sealed) continue;
			this.options.store.putLast(this.remember(seal, batches, sealed), sealed);
			this.pending = pending.slice(count);
			return;
		}
	}

	stop(): void {
		this.isOff = true;
		clearTimeout(this.timer);
	}

	private schedule(): void {
		if (!this.seal || this.isSealing || this.isOff || this.pending.length === 0) return;
		this.timer ??= setTimeout(() => void this.write(), COPY_EVERY_MS);
	}

	/** Copies what there is; called by a timer, and by the hub's beat where timers sleep. */
	async write(): Promise<void> {
		clearTimeout(this.timer);
		this.timer = undefined;
		const { seal, pending, beginnings } = this;
		const { pageId, ticket, store } = this.options;
		if (!seal || this.isSealing || this.isOff || pending.length === 0) return;
		this.isSealing = true;
		try {
			const sealed = await seal.seal(packCopy({ ticket, batches: pending }), pageId);
			// Safe or stored meanwhile: then only what is left of them counts.
			const batches = this.pending.filter((batch) => pending.includes(batch));
			if (batches.length === 0 || this.isOff || beginnings !== this.beginnings) return;
			store.put(this.remember(seal, batches, sealed), sealed);
			this.pending = this.pending.filter((batch) => !pending.includes(batch));
		} catch (error) {
			console.warn('Copies could not be sealed', error);
			this.stop();
		} finally {
			this.isSealing = false;
			this.schedule();
		}
	}

	private remember(seal: CopySeal, batches: readonly Batch[], sealed: Sealed): CopyKey {
		const key: CopyKey = [seal.name, this.options.pageId, Date.now(), crypto.randomUUID()];
		const bytes = sealed.bytes.length;
		this.stored.push({ key, last: batches.at(-1)?.seq ?? -1, bytes });
		this.storedBytes += bytes;
		// The oldest are the likeliest to be in the live log.
		while (this.storedBytes > KEEP_BYTES) this.forgetOldest();
		return key;
	}

	private forgetOldest(): void {
		const oldest = this.stored.shift();
		if (!oldest) return;
		this.storedBytes -= oldest.bytes;
		this.options.store.remove(oldest.key);
	}
}
