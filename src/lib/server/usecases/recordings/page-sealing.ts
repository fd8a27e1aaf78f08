// One run of sealing over one page: asks the sealing process for blocks, keeps each and claims its row, in order.
import { sql } from 'drizzle-orm';
import { AppError, isAppError } from '#domain/errors.ts';
import type { StoredBatch } from '#server/ports/live-log.ts';
import { claimBlock, claimDictionary } from '#server/recordings/claim-block.ts';
import type { SealedBlock } from '#server/recordings/page-sealer.ts';
import type { PageState } from '#server/recordings/page-to-seal.ts';
import type { PageToSeal } from '#server/recordings/seal-messages.ts';
import { isSealerFault } from '#server/recordings/seal-process.ts';
import { beginPage, pageToSeal } from './begin-page.ts';
import type { SealDeps } from './seal-deps.ts';

/** So often the sealing process may die of a page before its batches are kept without being looked into. */
const MAX_FAILURES = 3;

const lost = (): AppError =>
	new AppError('conflict', 'Somebody else sealed this page, or it was erased. Run it again.');

export class PageSealing {
	private readonly deps: SealDeps;
	private readonly page: PageState;
	private begun: PageToSeal | null = null;
	private sealed: number;
	private hash: Uint8Array;
	private shown: number | null;

	constructor(deps: SealDeps, page: PageState) {
		this.deps = deps;
		this.page = page;
		this.sealed = page.sealedSeq;
		this.hash = page.batchHash;
		this.shown = page.shownFrom;
	}

	/** Highest number that is in a block. */
	get sealedSeq(): number {
		return this.sealed;
	}

	/** First number of the last block where that begins with the whole picture. */
	get shownFrom(): number | null {
		return this.shown;
	}

	/** Batches before this number are lost. */
	async skipTo(toSeq: number): Promise<void> {
		if (this.asIs) return;
		await this.guarded(async () => {
			await this.begin();
			await this.deps.sealer.ask('skip', { pageId: this.page.pageId, toSeq });
		});
	}

	/** Makes blocks of these batches as long as they fill one, or until none is left. @returns those that are left */
	async seal(batches: StoredBatch[], isRest: boolean): Promise<StoredBatch[]> {
		let left = batches;
		await this.guarded(async () => {
			while (left.length > 0) {
				const block = await this.nextBlock(left, isRest);
				if (!block) return;
				await this.keep(block);
				left = left.filter(({ seq }) => seq > block.figures.lastSeq);
			}
		});
		return left;
	}

	private get asIs(): boolean {
		return this.page.failures >= MAX_FAILURES;
	}

	private async nextBlock(batches: StoredBatch[], isRest: boolean): Promise<SealedBlock | null> {
		const page = await this.begin();
		const { sealer } = this.deps;
		if (!this.asIs) return sealer.ask('seal', { pageId: page.ids.pageId, batches, isRest });
		return sealer.ask('sealAsIs', { page: { ...page, batchHash: this.hash }, batches, isRest });
	}

	private async begin(): Promise<PageToSeal> {
		this.begun ??= await (this.asIs ? pageToSeal(this.deps, this.page) : beginPage(this.deps, this.page));
		return this.begun;
	}

	private async keep(block: SealedBlock): Promise<void> {
		const { db, store, ids } = this.deps;
		if (block.dictionary) await this.keepDictionary(block.dictionary);
		const blobKey = this.keyOf(`${block.figures.firstSeq}-${ids.uuid()}.block`);
		await store.put(blobKey, block.object);
		const claim = { id: ids.uuid(), blobKey, block, sealedBefore: this.sealed };
		if (!(await claimBlock(db, store, this.page, claim))) {
			await store.discard(blobKey);
			throw lost();
		}
		this.sealed = block.figures.lastSeq;
		this.hash = block.figures.batchHash;
		this.shown = block.figures.checkpoint === 'whole' ? block.figures.firstSeq : null;
		const { agencyId, impersonationId, pageId } = this.page;
		await this.deps.publish({ topic: 'page.sealed', agencyId, impersonationId, pageId, seq: this.sealed });
	}

	private async keepDictionary({ object, hash }: NonNullable<SealedBlock['dictionary']>): Promise<void> {
		const { db, store, ids } = this.deps;
		const blobKey = this.keyOf(`${ids.uuid()}.dictionary`);
		await store.put(blobKey, object);
		if (await claimDictionary(db, store, this.page, { blobKey, hash, bytes: object.byteLength })) return;
		await store.discard(blobKey);
		throw lost();
	}

	private keyOf(name: string): string {
		return `recordings/${this.page.impersonationId}/${this.page.pageId}/${name}`;
	}

	/** After a failure what the process knows is ahead of the rows: it must be begun anew from what is stored. */
	private async guarded(work: () => Promise<void>): Promise<void> {
		const { sealer, db } = this.deps;
		const { pageId } = this.page;
		try {
			await work();
		} catch (error) {
			// A last block that is gone or damaged would fail for ever, too.
			if (isSealerFault(error) || (isAppError(error) && error.code === 'not_found'))
				await db.execute(sql`UPDATE page SET seal_failures = seal_failures + 1 WHERE id = ${pageId}`);
			await sealer.forget(pageId);
			throw error;
		}
	}
}
