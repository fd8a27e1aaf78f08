// The end of deleted files: their bytes go 30 days after deleting, the rows stay as the log's subjects.
import { sql } from 'drizzle-orm';
import { unlessBackup } from '#server/db/backup-lock.ts';
import type { Db } from '#server/db/types.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import { KEPT_DAYS } from './list-deleted.ts';

/** One run's share, so that a job never holds a worker for long; the next run goes on. */
const AT_ONCE = 500;

type Deps = { db: Db; blobs: Blobs };

/** Skips its run while a backup needs the bytes. @returns how many were removed */
export const purgeFiles = (deps: Deps) => async (): Promise<number> =>
	(await unlessBackup(deps.db, purge(deps))) ?? 0;

/** Bytes first, then the row: a run that breaks off between is simply done again. */
const purge =
	({ db, blobs }: Deps) =>
	async (): Promise<number> => {
		const due = await db.execute<{ id: string; blob_key: string }>(sql`
			SELECT id, blob_key FROM file WHERE deleted_at < now() - make_interval(days => ${KEPT_DAYS})
			AND purged_at IS NULL AND NOT EXISTS (SELECT FROM client_hold h WHERE h.client_id = file.client_id)
			ORDER BY deleted_at LIMIT ${AT_ONCE}`);
		for (const { id, blob_key: key } of due) {
			await blobs.remove(key);
			await db.execute(
				sql`UPDATE file SET purged_at = now() WHERE id = ${id} AND deleted_at IS NOT NULL AND purged_at IS NULL`
			);
		}
		await db.execute(sql`
			DELETE FROM folder d WHERE d.deleted_at < now() - make_interval(days => ${KEPT_DAYS})
			AND NOT EXISTS (SELECT FROM client_hold h WHERE h.client_id = d.client_id)
			AND NOT EXISTS (SELECT FROM file f WHERE f.folder_id = d.id)
			AND NOT EXISTS (SELECT FROM folder c WHERE c.parent_id = d.id)
			AND NOT EXISTS (SELECT FROM upload u WHERE u.folder_id = d.id)`);
		return due.length;
	};
