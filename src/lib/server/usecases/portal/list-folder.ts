// One folder: where it lies, its folders, its files a page at a time.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FileId, FolderId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { epochMs, makerOf, ownRows, PAGE_SIZE, requireArea, requireId, type Maker } from './scope.ts';

/** Deeper is no order any more; it also ends a walk up a ring of parents that a damaged row could form. */
export const MAX_DEPTH = 12;

export type FileRow = {
	id: FileId;
	name: string;
	mediaType: string;
	bytes: number;
	createdAt: number;
	maker: Maker;
};

export type FolderList = {
	/** From the top down to this one; empty at the top. */
	path: { id: FolderId; name: string }[];
	folders: { id: FolderId; name: string; files: number }[];
	files: FileRow[];
	total: number;
};

/** @throws AppError `not_found`, also for another client's folder */
export const listFolder =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, folder: string | null, page: number): Promise<FolderList> => {
		await requireArea(db, actor, 'files');
		const id = folder ? requireId<FolderId>(folder, 'folder') : null;
		const path = id ? await readPath(db, actor, id) : [];
		if (id && path.length === 0) throw new AppError('not_found', 'There is no such folder.');
		const where = sql`${ownRows(actor, 'f')} AND f.folder_id IS NOT DISTINCT FROM ${id}::uuid
			AND f.task_id IS NULL AND f.deleted_at IS NULL`;
		const [folders, files, [total]] = await Promise.all([
			db.execute<FolderList['folders'][number]>(sql`
				SELECT t.id, t.name, (SELECT count(*)::int FROM file f
					WHERE f.folder_id = t.id AND f.deleted_at IS NULL AND f.task_id IS NULL) AS files
				FROM folder t WHERE ${ownRows(actor, 't')} AND t.parent_id IS NOT DISTINCT FROM ${id}::uuid
				ORDER BY lower(t.name), t.id LIMIT 500`),
			db.execute<Omit<FileRow, 'bytes' | 'createdAt'> & { bytes: string; createdAt: string }>(sql`
				SELECT f.id, f.name, f.media_type AS "mediaType", f.bytes, ${epochMs('f.created_at')} AS "createdAt",
					${makerOf('f')} AS maker
				FROM file f WHERE ${where} ORDER BY lower(f.name), f.id
				LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM file f WHERE ${where}`)
		]);
		return {
			path,
			folders: [...folders],
			files: files.map((f) => ({ ...f, bytes: Number(f.bytes), createdAt: Number(f.createdAt) })),
			total: total?.n ?? 0
		};
	};

async function readPath(db: Db, actor: PortalActor, id: FolderId): Promise<FolderList['path']> {
	const rows = await db.execute<FolderList['path'][number]>(sql`
		WITH RECURSIVE up AS (
			SELECT t.id, t.name, t.parent_id, 1 AS depth FROM folder t WHERE t.id = ${id} AND ${ownRows(actor, 't')}
			UNION ALL
			SELECT t.id, t.name, t.parent_id, up.depth + 1 FROM folder t JOIN up ON t.id = up.parent_id
			WHERE ${ownRows(actor, 't')} AND up.depth < ${MAX_DEPTH})
		SELECT id, name FROM up ORDER BY depth DESC`);
	return [...rows];
}
