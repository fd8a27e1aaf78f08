// One block of a recording as the player takes it: checkpoint, clock and batches (recorder/format/block-payload.ts).
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Db } from '#server/db/types.ts';
import type { BlockReader } from '#server/recordings/block-reader.ts';
import { readBlockRow } from '#server/recordings/block-rows.ts';
import { requireId } from './require-permission.ts';
import { requireShown, requireViewer } from './require-shown.ts';

/**
 * The payload of a block. Immutable under its id.
 * @throws AppError `not_allowed` before the replay was opened, or somebody who watches looked back; `not_found` also for a
 * block that was merged with others since its index was read: read the index again
 */
export const readBlock =
	({ db, reader }: { db: Db; reader: BlockReader }) =>
	async (actor: StaffActor, input: { impersonationId: string; blockId: string }): Promise<Uint8Array> => {
		const [impersonationId, blockId] = [requireId(input.impersonationId), requireId(input.blockId)];
		const viewing = await requireViewer(db, actor, impersonationId);
		const { agencyId } = actor;
		const block = await readBlockRow(db, { agencyId, impersonationId, blockId });
		if (!block) throw new AppError('not_found', 'There is no such block.');
		await requireShown(db, actor, impersonationId, viewing);
		return reader.payload({ agencyId, impersonationId, pageId: block.pageId }, block);
	};
