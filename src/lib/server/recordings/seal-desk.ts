// What the sealing process does with a question: it keeps the pages it works on and the latest of those it worked on.
// No process in here, so that tests ask it directly.
import type { CheckpointKind } from '#recorder/format/block-header.ts';
import { decodePayload } from '#recorder/format/block-payload.ts';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { mergeBlocks } from './merge-blocks.ts';
import { sealAsIs } from './seal-as-is.ts';
import { PageSealer } from './page-sealer.ts';
import type { Shadow } from './shadow.ts';
import { KEPT_BYTES, KEPT_PAGES, SHADOW_LIMITS } from './seal-limits.ts';
import type { PageToSeal, SealCall, SealCalls, SealedBefore } from './seal-messages.ts';
import { openBlock, openDictionary } from './sealed-object.ts';
import { readSeenText, type SeenText } from './seen-text.ts';

type Desk = { [N in SealCall]: (ask: SealCalls[N]['ask']) => Promise<SealCalls[N]['answer']> };

/** The page must be begun again; nothing is wrong with it. */
export class Forgotten extends Error {}

class KeptPages {
	private readonly pages = new Map<string, PageSealer>();

	/** A page is at its newest place once it was asked for. */
	get(pageId: string): PageSealer | undefined {
		const page = this.pages.get(pageId);
		if (page) this.put(pageId, page);
		return page;
	}

	put(pageId: string, page: PageSealer): void {
		this.pages.delete(pageId);
		this.pages.set(pageId, page);
		let bytes = this.pages.values().reduce((sum, one) => sum + one.approximateBytes, 0);
		for (const [oldest, one] of this.pages) {
			if (oldest === pageId || (this.pages.size <= KEPT_PAGES && bytes <= KEPT_BYTES)) return;
			bytes -= one.approximateBytes;
			this.pages.delete(oldest);
		}
	}

	delete(pageId: string): void {
		this.pages.delete(pageId);
	}
}

async function openPage(
	page: PageToSeal,
	before: SealedBefore,
	makeShadow: () => Shadow
): Promise<PageSealer> {
	const { ids, key, policy, openedAt } = page;
	const dictionary = before.dictionary && (await openDictionary(before.dictionary, key));
	const sealer = new PageSealer({ ids, key, policy, openedAt, makeShadow }, dictionary);
	if (before.block) await sealer.resume(before.block);
	return sealer;
}

async function readWords({ key, dictionary, block, before }: SealCalls['words']['ask']): Promise<SeenText> {
	const opened = dictionary && (await openDictionary(dictionary, key));
	const { payload } = await openBlock(block, { key, dictionary: opened });
	return readSeenText(decodePayload(payload), new ShadowDocument(SHADOW_LIMITS), before);
}

const stands = (sealer: PageSealer, { nextSeq, batchHash }: PageToSeal): boolean =>
	sealer.nextSeq === nextSeq && Buffer.from(sealer.batchHash).equals(batchHash);

/** Answers questions; one at a time for each page is the asker's duty. */
export function createSealDesk(makeShadow: () => Shadow): Desk {
	const kept = new KeptPages();
	const known = (pageId: string): PageSealer => {
		const sealer = kept.get(pageId);
		if (!sealer) throw new Forgotten('the page was not begun, or was let go since');
		return sealer;
	};
	return {
		async begin({ page, before }) {
			const held = kept.get(page.ids.pageId);
			if (held && stands(held, page)) return true;
			if (!before) return false;
			const opened = await openPage(page, before, makeShadow);
			if (!stands(opened, page)) throw new Error('the last block is not the one that its row describes');
			kept.put(page.ids.pageId, opened);
			return true;
		},
		async skip({ pageId, toSeq }) {
			known(pageId).skipTo(toSeq);
			return null;
		},
		async seal({ pageId, batches, isRest }) {
			const sealer = known(pageId);
			const block = sealer.seal(batches, isRest);
			kept.put(pageId, sealer);
			return block;
		},
		async sealAsIs({ page, batches, isRest }) {
			return sealAsIs(page, batches, isRest);
		},
		async tail({ pageId, batches }): Promise<{ payload: Uint8Array; checkpoint: CheckpointKind }> {
			return known(pageId).tail(batches);
		},
		async picture({ pageId, batches }) {
			return known(pageId).picture(batches);
		},
		async forget({ pageId }) {
			kept.delete(pageId);
			return null;
		},
		words: readWords,
		async merge({ key, dictionary, blocks }) {
			const opened = dictionary && (await openDictionary(dictionary, key));
			return mergeBlocks(blocks, { key, dictionary: opened });
		}
	};
}
