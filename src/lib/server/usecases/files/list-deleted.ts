// What was deleted and can still be restored, newest first.
import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import { requireLook, type EitherActor } from '../portal/either-side.ts';
import { epochMs, ownRows, PAGE_SIZE } from '../portal/scope.ts';
import { inFolders } from './list-folder.ts';

/** Days from deleting until the bytes are gone for good. */
export const KEPT_DAYS = 30;

export type DeletedRow = {
	kind: 'file' | 'folder';
	id: string;
	name: string;
	/** Of a folder: all that went along with it. */
	bytes: number;
	files: number;
	deletedAt: number;
	/** When the bytes are gone. */
	gone: number;
};

const DAY_MS = 86_400_000;

export const DELETED_SORTS = ['-deleted', 'deleted', 'name', '-name', 'size', '-size'] as const;
export type DeletedSort = (typeof DELETED_SORTS)[number];

const ORDER: Record<DeletedSort, SQL> = {
	'-deleted': sql`f.deleted_at DESC, f.id`,
	deleted: sql`f.deleted_at, f.id`,
	name: sql`lower(f.name), f.id`,
	'-name': sql`lower(f.name) DESC, f.id`,
	size: sql`f.bytes, f.id`,
	'-size': sql`f.bytes DESC, f.id`
};

/** @throws AppError `not_found` when the client sees no files */
export const listDeleted =
	({ db }: { db: Db }) =>
	async (
		actor: EitherActor,
		{ page, sort = '-deleted', clientId }: { page: number; sort?: DeletedSort; clientId?: string }
	): Promise<{ rows: DeletedRow[]; total: number }> => {
		const account = await requireLook(db, actor, { area: 'files', clientId: clientId ?? null });
		const kept = sql`f.deleted_at > now() - make_interval(days => ${KEPT_DAYS}) AND f.deleted_with IS NULL`;
		const all = sql`
			SELECT 'file' AS kind, f.id, f.name, f.bytes, 1 AS files, f.deleted_at FROM file f
			WHERE ${ownRows(account, 'f')} AND ${inFolders} AND ${kept} AND f.purged_at IS NULL
			UNION ALL
			SELECT 'folder', f.id, f.name, w.bytes, w.files, f.deleted_at FROM folder f,
				LATERAL (SELECT COALESCE(sum(x.bytes), 0) AS bytes, count(*)::int AS files FROM file x
					WHERE x.deleted_with = f.id AND x.purged_at IS NULL) w
			WHERE ${ownRows(account, 'f')} AND ${kept}`;
		const rows = await db.execute<
			Omit<DeletedRow, 'bytes' | 'deletedAt' | 'gone'> & { bytes: string; at: string; total: number }
		>(sql`
			SELECT f.kind, f.id, f.name, f.bytes, f.files, ${epochMs('f.deleted_at')} AS at, (count(*) OVER ())::int AS total
			FROM (${all}) f ORDER BY ${ORDER[sort]} LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`);
		return {
			total: rows[0]?.total ?? 0,
			rows: rows.map(({ at, total: _total, ...row }) => ({
				...row,
				bytes: Number(row.bytes),
				deletedAt: Number(at),
				gone: Number(at) + KEPT_DAYS * DAY_MS
			}))
		};
	};
