// Deleting takes files and folders out of the lists; their bytes stay for 30 days, so that they can be restored. What goes
// along with a folder is marked with it and comes back with it, and only with it.
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import type { FolderId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import type { Account, EitherActor } from '../portal/either-side.ts';
import { ownRows } from '../portal/scope.ts';
import { changeEntry, type EntryDependencies, type LockedEntry } from './change-entry.ts';
import { holdTree } from './folder-tree.ts';
import { requireSpace } from './quota.ts';

type Named = { id: string };

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const deleteFile =
	(deps: EntryDependencies) =>
	(actor: EitherActor, { id }: Named, origin: Origin): Promise<void> =>
		changeEntry(deps, actor, {
			kind: 'file',
			action: 'file.deleted',
			id,
			origin,
			async work(tx, { entry }) {
				await tx.execute(sql`UPDATE file SET deleted_at = now() WHERE id = ${id}`);
				return { sha256: entry.sha256 };
			}
		});

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const deleteFolder =
	(deps: EntryDependencies) =>
	(actor: EitherActor, { id }: Named, origin: Origin): Promise<void> =>
		changeEntry(deps, actor, {
			kind: 'folder',
			action: 'folder.deleted',
			id,
			origin,
			async work(tx, { account }) {
				await holdTree(tx, account);
				const below = sql`WITH RECURSIVE down AS (SELECT f.id FROM folder f WHERE f.id = ${id}
					UNION ALL SELECT f.id FROM folder f JOIN down ON f.parent_id = down.id
					WHERE ${ownRows(account, 'f')} AND f.deleted_at IS NULL)`;
				const files = await tx.execute(sql`${below} UPDATE file f SET deleted_at = now(), deleted_with = ${id}
					FROM down WHERE f.folder_id = down.id AND ${ownRows(account, 'f')} AND f.deleted_at IS NULL RETURNING f.id`);
				const folders = await tx.execute(sql`${below} UPDATE folder f SET deleted_at = now(),
					deleted_with = CASE WHEN f.id <> ${id} THEN ${id}::uuid END FROM down WHERE f.id = down.id RETURNING f.id`);
				return { files: files.length, folders: folders.length - 1 };
			}
		});

/** Where it lay, when that is still there; else the top. */
async function placeLeft(tx: Tx, account: Account, { placeId }: LockedEntry): Promise<FolderId | null> {
	if (!placeId) return null;
	const rows = await tx.execute(sql`SELECT FROM folder f WHERE f.id = ${placeId} AND ${ownRows(account, 'f')}
		AND f.deleted_at IS NULL FOR SHARE`);
	return rows.length > 0 ? placeId : null;
}

/** @throws AppError `not_found`, `too_large` when the storage is full by now; the gate's refusals (logged) */
export const restoreFile =
	(deps: EntryDependencies) =>
	(actor: EitherActor, { id }: Named, origin: Origin): Promise<void> =>
		changeEntry(deps, actor, {
			kind: 'file',
			action: 'file.restored',
			id,
			origin,
			deleted: true,
			async work(tx, { entry, account }) {
				await requireSpace(tx, account, entry.bytes);
				const folderId = await placeLeft(tx, account, entry);
				await tx.execute(sql`UPDATE file SET deleted_at = NULL, deleted_with = NULL, folder_id = ${folderId}::uuid
					WHERE id = ${id}`);
				return { to: folderId };
			}
		});

/** A name nobody has there: "Brand", "Brand (restored)", "Brand (restored 2)". */
async function freeName(
	tx: Tx,
	account: Account,
	entry: { name: string; parentId: FolderId | null }
): Promise<string> {
	const rows = await tx.execute<{ name: string }>(sql`SELECT lower(f.name) AS name FROM folder f
		WHERE ${ownRows(account, 'f')} AND f.deleted_at IS NULL AND f.parent_id IS NOT DISTINCT FROM ${entry.parentId}::uuid`);
	const taken = new Set(rows.map((row) => row.name));
	let name = entry.name;
	for (let n = 1; taken.has(name.toLowerCase()); n += 1)
		name = `${entry.name} (restored${n > 1 ? ` ${n}` : ''})`;
	return name;
}

/** @throws AppError `not_found`, `too_large` when the storage is full by now; the gate's refusals (logged) */
export const restoreFolder =
	(deps: EntryDependencies) =>
	(actor: EitherActor, { id }: Named, origin: Origin): Promise<void> =>
		changeEntry(deps, actor, {
			kind: 'folder',
			action: 'folder.restored',
			id,
			origin,
			deleted: true,
			async work(tx, { entry, account }) {
				await holdTree(tx, account);
				const along = sql`${ownRows(account, 'f')} AND f.deleted_with = ${id}`;
				const [size] = await tx.execute<{ bytes: string }>(
					sql`SELECT COALESCE(sum(f.bytes), 0) AS bytes FROM file f WHERE ${along} AND f.purged_at IS NULL`
				);
				await requireSpace(tx, account, Number(size?.bytes ?? 0));
				const parentId = await placeLeft(tx, account, entry);
				const name = await freeName(tx, account, { name: entry.name, parentId });
				await tx.execute(sql`UPDATE folder f SET deleted_at = NULL, deleted_with = NULL,
					parent_id = ${parentId}::uuid, name = ${name} WHERE f.id = ${id}`);
				await tx.execute(sql`UPDATE folder f SET deleted_at = NULL, deleted_with = NULL WHERE ${along}`);
				await tx.execute(sql`UPDATE file f SET deleted_at = NULL, deleted_with = NULL WHERE ${along}
					AND f.purged_at IS NULL`);
				return { to: parentId, name };
			}
		});
