// New names for files and folders.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import type { FolderId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import type { Account, EitherActor } from '../portal/either-side.ts';
import { ownRows } from '../portal/scope.ts';
import { changeEntry, type EntryDependencies } from './change-entry.ts';
import { safeFileName } from './file-name.ts';
import { nameTaken } from './folder-tree.ts';
import { requireSafeName } from './safe-content.ts';

export const renameInput = z.object({
	id: z.string().max(36),
	name: z.string().trim().min(1, 'Give it a name.').max(180, 'Keep the name under 180 characters.')
});

type Renaming = { id: string; name: string };

/** What of a typed name is kept; an ending that was left out is put back, since programs tell a file's kind by it. */
export function renamedFile(before: string, typed: string): string {
	const name = safeFileName(typed);
	const ending = /\.[^.]{1,12}$/u.exec(before)?.[0] ?? '';
	return /\.[^.]{1,12}$/u.test(name) ? name : name + ending;
}

/** @throws AppError `not_found`, `invalid` for a name that would make it a program; the gate's refusals (logged) */
export const renameFile =
	(deps: EntryDependencies) =>
	(actor: EitherActor, { id, name: typed }: Renaming, origin: Origin): Promise<void> =>
		changeEntry(deps, actor, {
			kind: 'file',
			action: 'file.renamed',
			id,
			origin,
			async work(tx, { entry }) {
				const name = renamedFile(entry.name, typed);
				requireSafeName(name);
				await tx.execute(sql`UPDATE file SET name = ${name} WHERE id = ${id}`);
				return { from: entry.name, to: name };
			}
		});

/** @throws AppError `conflict` when another folder there has the name */
export async function requireFreeName(
	tx: Tx,
	account: Account,
	{ name, parentId, except }: { name: string; parentId: FolderId | null; except: string }
): Promise<void> {
	const rows =
		await tx.execute(sql`SELECT FROM folder f WHERE ${ownRows(account, 'f')} AND f.deleted_at IS NULL
		AND f.parent_id IS NOT DISTINCT FROM ${parentId}::uuid AND lower(f.name) = lower(${name}) AND f.id <> ${except}`);
	if (rows.length > 0) throw nameTaken();
}

/** @throws AppError `not_found`, `conflict`; the gate's refusals (logged) */
export const renameFolder =
	(deps: EntryDependencies) =>
	(actor: EitherActor, { id, name }: Renaming, origin: Origin): Promise<void> =>
		changeEntry(deps, actor, {
			kind: 'folder',
			action: 'folder.renamed',
			id,
			origin,
			label: name,
			async work(tx, { entry, account }) {
				await requireFreeName(tx, account, { name, parentId: entry.placeId, except: id });
				await tx.execute(sql`UPDATE folder SET name = ${name} WHERE id = ${id}`);
				return { from: entry.name, to: name };
			}
		});
