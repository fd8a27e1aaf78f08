// What is said between the process and its sealing process. Everything is copied on the way, never shared.
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import type { BlockIds, CheckpointKind } from '#recorder/format/block-header.ts';
import type { Picture } from './page-picture.ts';
import type { SealedBlock } from './page-sealer.ts';
import type { SeenBefore, SeenText } from './seen-text.ts';

export type PageToSeal = {
	ids: BlockIds;
	key: Uint8Array;
	policy: number;
	openedAt: number;
	/** What is sealed already: the process goes on from there, or asks for the last block. */
	nextSeq: number;
	batchHash: Uint8Array;
};

/** The last sealed block and the page's dictionary, as they are stored. */
export type SealedBefore = { block: Uint8Array | null; dictionary: Uint8Array | null };

/** Questions and their answers by name. */
export type SealCalls = {
	/** Takes a page up. `false`: it is not known as it stands; call again with what was sealed before. */
	begin: { ask: { page: PageToSeal; before: SealedBefore | null }; answer: boolean };
	skip: { ask: { pageId: string; toSeq: number }; answer: null };
	seal: {
		ask: { pageId: string; batches: FramedBatch[]; isRest: boolean };
		answer: SealedBlock | null;
	};
	/** The same without looking into the batches; the page need not be begun. */
	sealAsIs: {
		ask: { page: PageToSeal; batches: FramedBatch[]; isRest: boolean };
		answer: SealedBlock | null;
	};
	tail: {
		ask: { pageId: string; batches: FramedBatch[] };
		answer: { payload: Uint8Array; checkpoint: CheckpointKind };
	};
	/** The page after these batches, for a watcher who comes late; changes nothing. */
	picture: { ask: { pageId: string; batches: FramedBatch[] }; answer: Picture };
	/** What was made could not be kept: the page is begun anew the next time. */
	forget: { ask: { pageId: string }; answer: null };
	/** What could be read on the page in this block. Of a block nothing is kept between questions. */
	words: {
		ask: { key: Uint8Array; dictionary: Uint8Array | null; block: Uint8Array; before: SeenBefore };
		answer: SeenText;
	};
	merge: {
		ask: { key: Uint8Array; dictionary: Uint8Array | null; blocks: Uint8Array[] };
		answer: Omit<SealedBlock, 'dictionary'>;
	};
};

export type SealCall = keyof SealCalls;
export type Question = { [N in SealCall]: { id: number; name: N; ask: SealCalls[N]['ask'] } }[SealCall];
/** `isForgotten`: the page is not known any more, and must be begun again. */
export type Answer = { id: number } & ({ answer: unknown } | { fault: string; isForgotten?: boolean });
