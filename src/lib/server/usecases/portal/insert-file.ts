// The row of an uploaded file, in a folder or under a task.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { FileId, FolderId, TaskId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import { stamp } from './scope.ts';
import type { StagedFile } from './stage-file.ts';

export type NewFile = { id: FileId; staged: StagedFile; folderId: FolderId | null; taskId: TaskId | null };

/** Part of a change that the gate opened. */
export async function insertFile(tx: Tx, actor: PortalActor, file: NewFile): Promise<void> {
	const { id, staged, folderId, taskId } = file;
	await tx.execute(sql`
		INSERT INTO file (id, agency_id, client_id, folder_id, task_id, name, media_type, bytes, sha256, blob_key,
			made_by_contact_id, made_by_staff_id, impersonation_id)
		VALUES (${id}, ${actor.agencyId}, ${actor.clientId}, ${folderId}::uuid, ${taskId}::uuid, ${staged.name},
			${staged.mediaType}, ${staged.bytes}, ${staged.sha256}, ${staged.key}, ${stamp(actor)})`);
}

/** What the log keeps of the bytes, so that what was uploaded can be told from what lies there later. */
export const fileDetails = ({ bytes, sha256, mediaType }: StagedFile) => ({ bytes, sha256, mediaType });
