// A client's files as Client Details shows them: a folder, a search or what was deleted, and the entry being changed.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid, type ClientId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { ownRows } from '../portal/scope.ts';
import { listDeleted } from './list-deleted.ts';
import { FILE_SORTS, listFolder, type FolderList } from './list-folder.ts';
import { listPlaces, type Place } from './list-places.ts';

const MAX_PAGE = 10_000;

/** Out of an address: what is not understood is left out. */
export const staffFilesView = z.object({
	folder: z.string().refine(isUuid).nullable().catch(null).default(null),
	q: z.string().trim().max(100).catch('').default(''),
	sort: z.enum(FILE_SORTS).catch('name').default('name'),
	page: z.coerce.number().int().min(1).max(MAX_PAGE).catch(1).default(1),
	view: z.literal('deleted').optional().catch(undefined),
	edit: z
		.string()
		.regex(/^(file|folder):[0-9a-f-]{36}$/)
		.nullable()
		.catch(null)
		.default(null)
});

type Entry = { kind: 'file' | 'folder'; id: string; name: string; placeId: string | null };

export type StaffFilesData = {
	view: {
		folder: string | null;
		q: string;
		sort: string;
		page: number;
		deleted: boolean;
		edit: string | null;
	};
	list: FolderList;
	deleted: Awaited<ReturnType<ReturnType<typeof listDeleted>>> | null;
	entry: Entry | null;
	places: Place[];
};

async function readEntry(
	db: Db,
	account: { agencyId: StaffActor['agencyId']; clientId: ClientId },
	edit: string
): Promise<Entry | null> {
	const [kind, id] = edit.split(':') as ['file' | 'folder', string];
	if (!isUuid(id)) return null;
	const place = sql.raw(kind === 'file' ? 'f.folder_id' : 'f.parent_id');
	const [row] = await db.execute<{ name: string; placeId: string | null }>(sql`
		SELECT f.name, ${place} AS "placeId" FROM ${sql.identifier(kind)} f
		WHERE f.id = ${id} AND ${ownRows(account, 'f')} AND f.deleted_at IS NULL`);
	return row ? { kind, id, ...row } : null;
}

/** @throws AppError `not_found` for another agency's client, or a folder that is not there; `not_allowed` */
export const readStaffFiles =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string, asked: Record<string, string>): Promise<StaffFilesData> => {
		const { view, ...shown } = staffFilesView.parse(asked);
		const { folder, q, sort, page, edit } = shown;
		// First, and alone: it asks whose client this is.
		const list = await listFolder({ db })(actor, { folder, q, sort, page, clientId });
		const account = { agencyId: actor.agencyId, clientId: clientId as ClientId };
		const [deleted, entry, places] = await Promise.all([
			view === 'deleted' ? listDeleted({ db })(actor, { page, clientId }) : null,
			edit ? readEntry(db, account, edit) : null,
			edit ? listPlaces({ db })(actor, clientId) : []
		]);
		return { view: { ...shown, deleted: view === 'deleted' }, list, deleted, entry, places };
	};
