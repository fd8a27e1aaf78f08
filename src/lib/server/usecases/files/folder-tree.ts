// Folders under lock and their place in the tree, for changes.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { FolderId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import type { Account } from '../portal/either-side.ts';
import { ownRows } from '../portal/scope.ts';

/** Deeper is no order any more; it also ends a walk up a ring of parents that a damaged row could form. */
export const MAX_DEPTH = 12;

/** @throws AppError `not_found`: another client's folder is none of ours, and a deleted one takes nothing in */
export async function requireFolder(tx: Tx, account: Account, folderId: FolderId): Promise<void> {
	const [row] = await tx.execute(sql`SELECT f.id FROM folder f
		WHERE f.id = ${folderId} AND ${ownRows(account, 'f')} AND f.deleted_at IS NULL FOR SHARE`);
	if (!row) throw new AppError('not_found', 'There is no such folder.');
}

/**
 * Moves of folders run one after the other: two at once, each fine alone, could put two folders into each other.
 */
export const holdTree = (tx: Tx, account: Account) =>
	tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('folders:' || ${account.clientId}::text, 0))`);

/** How deep a folder lies, counted from 1, and whether `inside` is one of its parents or itself. */
export async function placeOf(
	tx: Tx,
	account: Account,
	{ folder, inside }: { folder: FolderId | null; inside?: FolderId }
): Promise<{ depth: number; isInside: boolean }> {
	if (!folder) return { depth: 0, isInside: false };
	const [row] = await tx.execute<{ depth: number; inside: boolean }>(sql`
		WITH RECURSIVE up AS (
			SELECT f.id, f.parent_id, 1 AS depth FROM folder f WHERE f.id = ${folder} AND ${ownRows(account, 'f')}
			UNION ALL SELECT f.id, f.parent_id, up.depth + 1 FROM folder f JOIN up ON f.id = up.parent_id
			WHERE up.depth <= ${MAX_DEPTH})
		SELECT max(depth)::int AS depth, COALESCE(bool_or(id = ${inside ?? null}::uuid), false) AS inside FROM up`);
	return { depth: row?.depth ?? 0, isInside: row?.inside ?? false };
}

/** How many levels a folder has below and with itself. */
export async function heightOf(tx: Tx, account: Account, folder: FolderId): Promise<number> {
	const [row] = await tx.execute<{ height: number }>(sql`
		WITH RECURSIVE down AS (
			SELECT f.id, 1 AS height FROM folder f WHERE f.id = ${folder} AND ${ownRows(account, 'f')}
			UNION ALL SELECT f.id, down.height + 1 FROM folder f JOIN down ON f.parent_id = down.id
			WHERE f.deleted_at IS NULL AND down.height <= ${MAX_DEPTH})
		SELECT max(height)::int AS height FROM down`);
	return row?.height ?? 1;
}

/** @throws AppError `invalid` */
export function requireDepth(depth: number): void {
	if (depth > MAX_DEPTH)
		throw new AppError(
			'invalid',
			`Folders cannot lie deeper than ${MAX_DEPTH} levels. Choose a place higher up.`,
			{
				field: 'name'
			}
		);
}

export const nameTaken = () =>
	new AppError('conflict', 'There is a folder of this name here already. Choose another name.', {
		field: 'name'
	});
