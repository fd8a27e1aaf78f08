// The row of an uploaded file: in a folder, or with a task, an order or a message. Here the quota is kept, under a lock.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { FileId, FolderId, MessageId, OrderId, TaskId, UploadId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import type { Account, EitherActor } from '../portal/either-side.ts';
import { stamp } from '../portal/scope.ts';
import { requireSpace } from './quota.ts';
import type { StagedFile } from './stage-file.ts';

export type NewFile = {
	id: FileId;
	staged: StagedFile;
	account: Account;
	folderId?: FolderId | null;
	taskId?: TaskId;
	orderId?: OrderId;
	messageId?: MessageId;
	/** The upload that becomes this file: its reserved space is let go in the same change. */
	uploadId?: UploadId;
};

/**
 * Part of a change that the gate opened.
 * @throws AppError `too_large` when the client's storage is full
 */
export async function insertFile(tx: Tx, actor: EitherActor, file: NewFile): Promise<void> {
	const { id, staged, account } = file;
	await requireSpace(tx, account, staged.bytes, file.uploadId);
	await tx.execute(sql`
		INSERT INTO file (id, agency_id, client_id, folder_id, task_id, order_id, message_id, name, media_type, bytes,
			sha256, blob_key, made_by_contact_id, made_by_staff_id, impersonation_id)
		VALUES (${id}, ${account.agencyId}, ${account.clientId}, ${file.folderId ?? null}::uuid,
			${file.taskId ?? null}::uuid, ${file.orderId ?? null}::uuid, ${file.messageId ?? null}::uuid,
			${staged.name}, ${staged.mediaType}, ${staged.bytes}, ${staged.sha256}, ${staged.key}, ${stamp(actor)})`);
	if (file.uploadId) await settleUpload(tx, file.uploadId, id);
}

/** Once only: a browser that asks again while the last bytes are being stored must not get the file twice. */
async function settleUpload(tx: Tx, uploadId: UploadId, fileId: FileId): Promise<void> {
	const rows = await tx.execute(
		sql`UPDATE upload SET file_id = ${fileId} WHERE id = ${uploadId} AND file_id IS NULL RETURNING id`
	);
	if (rows.length === 0) throw new AppError('conflict', 'This upload is finished already.');
}

/** What the log keeps of the bytes, so that what was uploaded can be told from what lies there later. */
export const fileDetails = ({ bytes, sha256, mediaType }: StagedFile) => ({ bytes, sha256, mediaType });
