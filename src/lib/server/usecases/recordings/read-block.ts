// One block of a recording as the player takes it: checkpoint, clock and batches (recorder/format/block-payload.ts).
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Db } from '#server/db/types.ts';
import type { BlockReader } from '#server/recordings/block-reader.ts';
import { readBlockRow } from '#server/recordings/block-rows.ts';
import { requireOpened } from './require-opened.ts';
import { requireId, requirePermission } from './require-permission.ts';

/**
 * The payload of a block. Immutable under its id.
 * @throws AppError `not_allowed` without the permission `review` or before the replay was opened; `not_found` also for a
 * block that was merged with others since its index was read: read the index again
 */
export const readBlock =
	({ db, reader }: { db: Db; reader: BlockReader }) =>
	async (actor: StaffActor, input: { impersonationId: string; blockId: string }): Promise<Uint8Array> => {
		await requirePermission(db, actor, 'review');
		const [impersonationId, blockId] = [requireId(input.impersonationId), requireId(input.blockId)];
		const { agencyId } = actor;
		const block = await readBlockRow(db, { agencyId, impersonationId, blockId });
		if (!block) throw new AppError('not_found', 'There is no such block.');
		await requireOpened(db, actor, impersonationId);
		return reader.payload({ agencyId, impersonationId, pageId: block.pageId }, block);
	};
