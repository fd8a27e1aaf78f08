// All folders of a client by their path, as the choices of a move; as many as may be made (create-folder.ts).
import { sql } from 'drizzle-orm';
import type { FolderId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { requireLook, type EitherActor } from '../portal/either-side.ts';
import { ownRows } from '../portal/scope.ts';
import { MAX_DEPTH } from './folder-tree.ts';

/** "Website / Photos" of each folder; the list of a select. */
export type Place = { id: FolderId; path: string; within: FolderId[] };

/** @throws AppError `not_found` */
export const listPlaces =
	({ db }: { db: Db }) =>
	async (actor: EitherActor, clientId?: string): Promise<Place[]> => {
		const account = await requireLook(db, actor, { area: 'files', clientId: clientId ?? null });
		const rows = await db.execute<Place>(sql`
			WITH RECURSIVE down AS (
				SELECT f.id, f.name AS path, ARRAY[f.id] AS within FROM folder f
				WHERE ${ownRows(account, 'f')} AND f.parent_id IS NULL AND f.deleted_at IS NULL
				UNION ALL
				SELECT f.id, down.path || ' / ' || f.name, down.within || f.id FROM folder f JOIN down ON f.parent_id = down.id
				WHERE ${ownRows(account, 'f')} AND f.deleted_at IS NULL AND cardinality(down.within) < ${MAX_DEPTH})
			SELECT id, path, within FROM down ORDER BY lower(path), id`);
		return [...rows];
	};
