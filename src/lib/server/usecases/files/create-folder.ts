// A folder for files.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FolderId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { accountOf, requireAccount, type Account, type EitherActor } from '../portal/either-side.ts';
import { ownRows, requireId } from '../portal/scope.ts';
import { nameTaken, placeOf, requireDepth, requireFolder } from './folder-tree.ts';

export const folderInput = z.object({
	name: z.string().trim().min(1, 'Give the folder a name.').max(80, 'Keep the name under 80 characters.')
});

/** Each is a choice wherever something is moved to: more would be no order any more, and no list to choose from. */
const MAX_FOLDERS = 1_000;

async function requireRoom(tx: Tx, account: Account): Promise<void> {
	const [count] = await tx.execute<{ n: number }>(
		sql`SELECT count(*)::int AS n FROM folder f WHERE ${ownRows(account, 'f')} AND f.deleted_at IS NULL`
	);
	if ((count?.n ?? 0) >= MAX_FOLDERS)
		throw new AppError(
			'conflict',
			`There are ${MAX_FOLDERS} folders already. Put files into one of them, or delete some first.`,
			{ field: 'name' }
		);
}

/** `parentId` is null for the top; `clientId` is read from staff only. */
export type NewFolder = { name: string; parentId: string | null; clientId?: string };

/** @throws AppError `not_found`, `conflict` when the name is taken there or there are too many; the gate's refusals (logged) */
export const createFolder =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (actor: EitherActor, { name, ...input }: NewFolder, origin: Origin): Promise<FolderId> => {
		const account = accountOf(actor, input.clientId);
		const parentId = input.parentId ? requireId<FolderId>(input.parentId, 'folder') : null;
		const id = ids.uuid() as FolderId;
		const subject = { type: 'folder', id, label: name };
		const deed = { action: 'folder.created', clientId: account.clientId, subject, origin } as const;
		return act(actor, deed, async (tx) => {
			await requireAccount(tx, actor, account);
			await requireRoom(tx, account);
			if (parentId) await requireFolder(tx, account, parentId);
			requireDepth((await placeOf(tx, account, { folder: parentId })).depth + 1);
			const made = await tx.execute(sql`
				INSERT INTO folder (id, agency_id, client_id, parent_id, name)
				VALUES (${id}, ${account.agencyId}, ${account.clientId}, ${parentId}::uuid, ${name})
				ON CONFLICT DO NOTHING RETURNING id`);
			if (made.length === 0) throw nameTaken();
			return { value: id, subject };
		});
	};
