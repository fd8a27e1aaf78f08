// Deleting a file: it leaves the lists, its bytes stay until retention removes them, so that the agency can bring it back.
import { sql } from 'drizzle-orm';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FileId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import { ownRows, requireId } from './scope.ts';

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const deleteFile =
	({ act }: { act: Act }) =>
	async (actor: PortalActor, id: string, origin: Origin): Promise<void> => {
		const fileId = requireId<FileId>(id, 'file');
		const subject = { type: 'file', id: fileId };
		await act(actor, { action: 'file.deleted', subject, origin }, async (tx) => {
			const [row] = await tx.execute<{ name: string; sha256: string }>(sql`
				UPDATE file f SET deleted_at = now() WHERE f.id = ${fileId} AND ${ownRows(actor, 'f')}
				AND f.task_id IS NULL AND f.deleted_at IS NULL RETURNING f.name, f.sha256`);
			if (!row) throw new AppError('not_found', 'There is no such file.');
			return { value: undefined, subject: { ...subject, label: row.name }, details: { sha256: row.sha256 } };
		});
	};
