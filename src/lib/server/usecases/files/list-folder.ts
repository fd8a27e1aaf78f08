// One folder, or a search over all of them, a page at a time: its folders first, then its files.
import { sql, type SQL } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { FileId, FolderId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { requireLook, type Account, type EitherActor } from '../portal/either-side.ts';
import { epochMs, likePattern, makerOf, ownRows, PAGE_SIZE, requireId, type Maker } from '../portal/scope.ts';
import { MAX_DEPTH } from './folder-tree.ts';
import { readQuota, type Quota } from './quota.ts';

export const FILE_SORTS = ['name', '-name', 'size', '-size', 'added', '-added'] as const;
export type FileSort = (typeof FILE_SORTS)[number];

export type FolderQuery = {
	/** Null: the top. Ignored by a search. */
	folder: string | null;
	/** Part of a name, in every folder. */
	q: string;
	sort: FileSort;
	/** Counted from 1. */
	page: number;
	/** Read from staff only. */
	clientId?: string;
};

export type FileRow = {
	id: FileId;
	name: string;
	mediaType: string;
	bytes: number;
	createdAt: number;
	maker: Maker;
	/** Where it lies; null at the top. */
	place: { id: FolderId; name: string } | null;
};

export type FolderRow = { id: FolderId; name: string; files: number };

export type FolderList = {
	/** From the top down to this one; empty at the top. */
	path: { id: FolderId; name: string }[];
	/** Those of this page; files follow on the page where folders end. */
	folders: FolderRow[];
	files: FileRow[];
	/** Folders and files. */
	total: number;
	quota: Quota;
};

const ORDER: Record<FileSort, SQL> = {
	name: sql`lower(f.name), f.id`,
	'-name': sql`lower(f.name) DESC, f.id`,
	size: sql`f.bytes, f.id`,
	'-size': sql`f.bytes DESC, f.id`,
	added: sql`f.created_at, f.id`,
	'-added': sql`f.created_at DESC, f.id`
};

/** SQL: files that lie in folders, as against attachments. */
export const inFolders = sql`f.task_id IS NULL AND f.order_id IS NULL AND f.message_id IS NULL`;

/** @throws AppError `not_found`, also for another client's folder */
export const listFolder =
	({ db }: { db: Db }) =>
	async (actor: EitherActor, query: FolderQuery): Promise<FolderList> => {
		const account = await requireLook(db, actor, { area: 'files', clientId: query.clientId ?? null });
		const id = query.folder && !query.q ? requireId<FolderId>(query.folder, 'folder') : null;
		const path = id ? await readPath(db, account, id) : [];
		if (id && path.length === 0) throw new AppError('not_found', 'There is no such folder.');
		const pattern = query.q ? likePattern(query.q) : null;
		const ofFolders = sql`${ownRows(account, 'd')} AND d.deleted_at IS NULL
			AND ${pattern ? sql`d.name ILIKE ${pattern}` : under('d.parent_id', id)}`;
		const ofFiles = sql`${ownRows(account, 'f')} AND ${pattern ? sql`f.name ILIKE ${pattern}` : under('f.folder_id', id)}
			AND ${inFolders} AND f.deleted_at IS NULL`;
		const [[count], quota] = await Promise.all([
			db.execute<{ folders: number; files: number }>(sql`
				SELECT (SELECT count(*)::int FROM folder d WHERE ${ofFolders}) AS folders,
					(SELECT count(*)::int FROM file f WHERE ${ofFiles}) AS files`),
			readQuota(db, account)
		]);
		const counted = count ?? { folders: 0, files: 0 };
		const [folders, files] = await Promise.all([
			readFolders(db, ofFolders, query),
			readFiles(db, ofFiles, { ...query, before: counted.folders })
		]);
		return { path, folders, files, total: counted.folders + counted.files, quota };
	};

const under = (column: string, id: FolderId | null) =>
	sql`${sql.raw(column)} IS NOT DISTINCT FROM ${id}::uuid`;

const FOLDER_ORDER: Partial<Record<FileSort, SQL>> = { '-name': sql`lower(d.name) DESC, d.id` };

/** By name, whatever the files are sorted by: a folder has neither a size nor a day. */
async function readFolders(db: Db, where: SQL, { sort, page }: FolderQuery): Promise<FolderRow[]> {
	const rows = await db.execute<FolderRow>(sql`
		SELECT d.id, d.name, (SELECT count(*)::int FROM file f
			WHERE f.folder_id = d.id AND f.deleted_at IS NULL AND ${inFolders}) AS files
		FROM folder d WHERE ${where} ORDER BY ${FOLDER_ORDER[sort] ?? sql`lower(d.name), d.id`}
		LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`);
	return [...rows];
}

/** @param before how many folders stand before the first file */
async function readFiles(
	db: Db,
	where: SQL,
	{ sort, page, before }: FolderQuery & { before: number }
): Promise<FileRow[]> {
	const from = (page - 1) * PAGE_SIZE - before;
	if (from + PAGE_SIZE <= 0) return [];
	const rows = await db.execute<Omit<FileRow, 'createdAt'> & { createdAt: string }>(sql`
		SELECT f.id, f.name, f.media_type AS "mediaType", f.bytes::float8 AS bytes,
			${epochMs('f.created_at')} AS "createdAt", ${makerOf('f')} AS maker,
			(SELECT json_build_object('id', d.id, 'name', d.name) FROM folder d WHERE d.id = f.folder_id) AS place
		FROM file f WHERE ${where} ORDER BY ${ORDER[sort]}
		LIMIT ${Math.min(PAGE_SIZE, from + PAGE_SIZE)} OFFSET ${Math.max(0, from)}`);
	return rows.map((row) => ({ ...row, createdAt: Number(row.createdAt) }));
}

/** From the top down to a folder; empty when it is not this account's, or deleted. */
export async function readPath(db: Db, account: Account, id: FolderId): Promise<FolderList['path']> {
	const rows = await db.execute<FolderList['path'][number]>(sql`
		WITH RECURSIVE up AS (
			SELECT t.id, t.name, t.parent_id, 1 AS depth FROM folder t
			WHERE t.id = ${id} AND ${ownRows(account, 't')} AND t.deleted_at IS NULL
			UNION ALL
			SELECT t.id, t.name, t.parent_id, up.depth + 1 FROM folder t JOIN up ON t.id = up.parent_id
			WHERE ${ownRows(account, 't')} AND up.depth < ${MAX_DEPTH})
		SELECT id, name FROM up ORDER BY depth DESC`);
	return [...rows];
}
