// The end of a page that is in no block yet, made into what a block would hold, so that a player needs to know one kind.
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { CheckpointKind } from '#recorder/format/block-header.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { readPageState } from '#server/recordings/page-to-seal.ts';
import { beginPage } from './begin-page.ts';
import { requireShownPage } from './require-shown.ts';
import type { SealDeps } from './seal-deps.ts';

/** Held in memory at once, on each side: a page that nobody could seal for a day is read in several goes. */
const MAX_BYTES = 16 * 1024 * 1024;

export type Tail = {
	payload: Uint8Array;
	/** `continued`: it goes on where the last answer ended, clock and picture with it. */
	checkpoint: CheckpointKind | 'continued';
	/** Number of the last batch that is in a block or in this answer. */
	lastSeq: number;
	/** There may be more behind it: ask again from the next number. */
	isCut: boolean;
};

export type TailInput = {
	impersonationId: string;
	pageId: string;
	/** Where the last answer ended, plus one. */
	from?: number;
};

async function readSome(liveLog: LiveLog, pageId: string, from: number, maxBytes: number) {
	const batches: FramedBatch[] = [];
	let left = maxBytes;
	for await (const { seq, receivedAt, offsetMs, bytes } of liveLog.read(pageId, from)) {
		left -= bytes.length;
		// One at least, or it would never go on.
		if (left < 0 && batches.length > 0) return { batches, isCut: true };
		batches.push({ seq, receivedAt, offsetMs, bytes: new Uint8Array(bytes) });
	}
	return { batches, isCut: false };
}

/**
 * Checkpoint, clock and batches of what follows a page's last block; without batches where all is sealed. With `from`
 * what follows from there, without checkpoint.
 * @throws AppError `invalid` for what is no number; `not_allowed` before the replay was opened, or somebody who watches looked back; `not_found`;
 * `try_later`
 */
export const readTail =
	(deps: Pick<SealDeps, 'db' | 'liveLog' | 'sealer' | 'store' | 'keys'> & { maxTailBytes?: number }) =>
	async (actor: StaffActor, input: TailInput): Promise<Tail> => {
		const { pageId } = await requireShownPage(deps.db, actor, input);
		const { from = 0 } = input;
		if (!Number.isSafeInteger(from) || from < 0)
			throw new AppError('invalid', 'This is no number of a batch. Reload the recording.');
		return deps.sealer.withPage(pageId, async () => {
			const page = await readPageState(deps.db, pageId);
			if (!page) throw new AppError('not_found', 'This recording was erased.');
			await beginPage(deps, page);
			const start = Math.max(from, page.sealedSeq + 1);
			const { batches, isCut } = await readSome(deps.liveLog, pageId, start, deps.maxTailBytes ?? MAX_BYTES);
			const lastSeq = batches.at(-1)?.seq ?? start - 1;
			const tail = await deps.sealer.ask('tail', { pageId, batches });
			const { checkpoint } = tail;
			return { ...tail, checkpoint: start > page.sealedSeq + 1 ? 'continued' : checkpoint, lastSeq, isCut };
		});
	};
