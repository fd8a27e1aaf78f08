// The second half of an upload into a folder: the row, with its action.
import { sql } from 'drizzle-orm';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FileId, FolderId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';
import { fileDetails, insertFile } from './insert-file.ts';
import { requireId } from './scope.ts';
import { orDiscard, type StagedFile } from './stage-file.ts';

/** @throws AppError `not_found`: another client's folder is none of ours */
export async function requireFolder(tx: Tx, actor: PortalActor, folderId: FolderId): Promise<void> {
	const [row] = await tx.execute(sql`SELECT id FROM folder
		WHERE id = ${folderId} AND agency_id = ${actor.agencyId} AND client_id = ${actor.clientId} FOR SHARE`);
	if (!row) throw new AppError('not_found', 'There is no such folder.');
}

/**
 * `folder` is null for the top. The staged bytes are removed when this fails.
 * @throws AppError `not_found`; the gate's refusals (logged)
 */
export const uploadFile =
	({ act, ids, blobs }: { act: Act; ids: Ids; blobs: Blobs }) =>
	(actor: PortalActor, staged: StagedFile, folder: string | null, origin: Origin): Promise<FileId> =>
		orDiscard(blobs, staged, async () => {
			const folderId = folder ? requireId<FolderId>(folder, 'folder') : null;
			const id = ids.uuid() as FileId;
			const subject = { type: 'file', id, label: staged.name };
			return act(actor, { action: 'file.uploaded', subject, origin }, async (tx) => {
				if (folderId) await requireFolder(tx, actor, folderId);
				await insertFile(tx, actor, { id, staged, folderId, taskId: null });
				return { value: id, subject, details: fileDetails(staged) };
			});
		});
