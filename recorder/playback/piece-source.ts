// Where a player's blocks come from. The frame that plays has no cookie and no right to anything: it asks the agency page.
import type { CheckpointKind } from '../format/block-header.ts';
import type { AssetsOfPage } from './asset-addresses.ts';
import type { FilmIndex } from './film-index.ts';

export const TAIL_STARTS = [
	'empty',
	'whole',
	'unsure',
	'too-large',
	'hole',
	'failed',
	'continued'
] as const satisfies readonly (CheckpointKind | 'continued')[];

/** What the server says beside the not yet sealed rest of a page. */
export type TailFacts = {
	/** `continued`: it goes on where the piece before it ended, picture and clock with it. */
	checkpoint: CheckpointKind | 'continued';
	/** Number of the last batch in it; the one before its first where it is empty. */
	lastSeq: number;
	/** More lies behind it. */
	hasMore: boolean;
};

export type Tail = TailFacts & { bytes: Uint8Array };

/** Payloads of block-payload.ts. Each throws PieceError. */
export type PieceSource = {
	block(blockId: string): Promise<Uint8Array>;
	tail(pageId: string, from: number): Promise<Tail>;
	index(): Promise<FilmIndex>;
	/** Where pictures of a page are loaded from; without it none is. */
	assets?: AssetsOfPage;
};

/**
 * `gone`: it is not there under this name any more, the index may know where it is now. `failed`: it could not be read
 * this time. `damaged`: what was read is no piece of a recording.
 */
export type PieceFault = 'gone' | 'failed' | 'damaged';

export class PieceError extends Error {
	readonly why: PieceFault;

	constructor(why: PieceFault, options?: ErrorOptions) {
		super(`A piece of the recording is ${why}.`, options);
		this.why = why;
	}
}
