// The end of a page that is in no block yet, made into what a block would hold, so that a player needs to know one kind.
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { CheckpointKind } from '#recorder/format/block-header.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import { readPageState } from '#server/recordings/page-to-seal.ts';
import { beginPage } from './begin-page.ts';
import { requireOpenedPage } from './require-opened.ts';
import type { SealDeps } from './seal-deps.ts';

export type Tail = { payload: Uint8Array; checkpoint: CheckpointKind };

/**
 * Checkpoint, clock and batches of what follows a page's last block; without batches where all is sealed.
 * @throws AppError `not_allowed` without the permission `review` or before the replay was opened; `not_found`;
 * `try_later`
 */
export const readTail =
	(deps: Pick<SealDeps, 'db' | 'liveLog' | 'sealer' | 'store' | 'keys'>) =>
	async (actor: StaffActor, input: { impersonationId: string; pageId: string }): Promise<Tail> => {
		const { pageId } = await requireOpenedPage(deps.db, actor, input);
		return deps.sealer.withPage(pageId, async () => {
			const page = await readPageState(deps.db, pageId);
			if (!page) throw new AppError('not_found', 'This recording was erased.');
			await beginPage(deps, page);
			const batches: FramedBatch[] = [];
			for await (const { seq, receivedAt, offsetMs, bytes } of deps.liveLog.read(pageId, page.sealedSeq + 1))
				batches.push({ seq, receivedAt, offsetMs, bytes: new Uint8Array(bytes) });
			return deps.sealer.ask('tail', { pageId, batches });
		});
	};
