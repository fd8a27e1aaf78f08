// The second half of an upload into a folder: the row, with its action.
import type { Origin } from '#domain/actor.ts';
import type { FileId, FolderId, UploadId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';
import { accountOf, requireAccount, type EitherActor } from '../portal/either-side.ts';
import { requireId } from '../portal/scope.ts';
import { requireFolder } from './folder-tree.ts';
import { fileDetails, insertFile } from './insert-file.ts';
import { orDiscard, type StagedFile } from './stage-file.ts';

/** `folderId` is null for the top; `clientId` is read from staff only. */
export type UploadPlace = { folderId: string | null; clientId?: string; uploadId?: UploadId };

/**
 * The staged bytes are removed when this is refused.
 * @throws AppError `not_found`, `too_large` past the quota; the gate's refusals (logged)
 */
export const uploadFile =
	({ act, ids, blobs }: { act: Act; ids: Ids; blobs: Blobs }) =>
	(actor: EitherActor, staged: StagedFile, place: UploadPlace, origin: Origin): Promise<FileId> =>
		orDiscard(blobs, staged, async () => {
			const account = accountOf(actor, place.clientId);
			const folderId = place.folderId ? requireId<FolderId>(place.folderId, 'folder') : null;
			const id = ids.uuid() as FileId;
			const subject = { type: 'file', id, label: staged.name };
			const deed = { action: 'file.uploaded', clientId: account.clientId, subject, origin } as const;
			return act(actor, deed, async (tx) => {
				await requireAccount(tx, actor, account);
				if (folderId) await requireFolder(tx, account, folderId);
				const upload = place.uploadId ? { uploadId: place.uploadId } : {};
				await insertFile(tx, actor, { id, staged, account, folderId, ...upload });
				return { value: id, subject, details: fileDetails(staged) };
			});
		});
