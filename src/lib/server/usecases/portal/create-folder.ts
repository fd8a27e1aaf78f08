// A folder for files.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FolderId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { MAX_DEPTH } from './list-folder.ts';
import { requireId } from './scope.ts';
import { requireFolder } from './upload-file.ts';

export const folderInput = z.object({
	name: z.string().trim().min(1, 'Give the folder a name.').max(80, 'Keep the name under 80 characters.')
});

async function requireShallow(tx: Tx, parent: FolderId): Promise<void> {
	const [row] = await tx.execute<{ depth: number }>(sql`
		WITH RECURSIVE up AS (SELECT id, parent_id, 1 AS depth FROM folder WHERE id = ${parent}
			UNION ALL SELECT f.id, f.parent_id, up.depth + 1 FROM folder f JOIN up ON f.id = up.parent_id
			WHERE up.depth <= ${MAX_DEPTH})
		SELECT max(depth)::int AS depth FROM up`);
	if ((row?.depth ?? 0) >= MAX_DEPTH)
		throw new AppError('invalid', 'Folders cannot lie deeper than this. Make it higher up.', {
			field: 'name'
		});
}

/**
 * `parent` is null for the top.
 * @throws AppError `not_found`, `conflict` when the name is taken there; the gate's refusals (logged)
 */
export const createFolder =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (actor: PortalActor, name: string, parent: string | null, origin: Origin): Promise<FolderId> => {
		const parentId = parent ? requireId<FolderId>(parent, 'folder') : null;
		const id = ids.uuid() as FolderId;
		const subject = { type: 'folder', id, label: name };
		return act(actor, { action: 'folder.created', subject, origin }, async (tx) => {
			if (parentId) {
				await requireFolder(tx, actor, parentId);
				await requireShallow(tx, parentId);
			}
			const made = await tx.execute(sql`
				INSERT INTO folder (id, agency_id, client_id, parent_id, name)
				VALUES (${id}, ${actor.agencyId}, ${actor.clientId}, ${parentId}::uuid, ${name})
				ON CONFLICT DO NOTHING RETURNING id`);
			if (made.length === 0)
				throw new AppError('conflict', 'There is a folder of this name here already.', { field: 'name' });
			return { value: id, subject };
		});
	};
