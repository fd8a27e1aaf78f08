// Files and folders into another folder of the same client.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FolderId } from '#domain/ids.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { requireId } from '../portal/scope.ts';
import { changeEntry, type EntryDependencies } from './change-entry.ts';
import { heightOf, holdTree, placeOf, requireDepth, requireFolder } from './folder-tree.ts';
import { requireFreeName } from './rename-entry.ts';

export const moveInput = z.object({ id: z.string().max(36), to: z.string().max(36).default('') });

/** `to` is a folder, or empty for the top. */
type Moving = { id: string; to: string };

const placeIn = (to: string): FolderId | null => (to ? requireId<FolderId>(to, 'folder') : null);

/** @throws AppError `not_found`, also for another client's folder; the gate's refusals (logged) */
export const moveFile =
	(deps: EntryDependencies) =>
	(actor: EitherActor, { id, to }: Moving, origin: Origin): Promise<void> =>
		changeEntry(deps, actor, {
			kind: 'file',
			action: 'file.moved',
			id,
			origin,
			async work(tx, { entry, account }) {
				const folderId = placeIn(to);
				if (folderId) await requireFolder(tx, account, folderId);
				await tx.execute(sql`UPDATE file SET folder_id = ${folderId}::uuid WHERE id = ${id}`);
				return { from: entry.placeId, to: folderId };
			}
		});

/** @throws AppError `not_found`, `conflict`, `invalid` into itself; the gate's refusals (logged) */
export const moveFolder =
	(deps: EntryDependencies) =>
	(actor: EitherActor, { id, to }: Moving, origin: Origin): Promise<void> =>
		changeEntry(deps, actor, {
			kind: 'folder',
			action: 'folder.moved',
			id,
			origin,
			async work(tx, { entry, account }) {
				const parentId = placeIn(to);
				await holdTree(tx, account);
				if (parentId) await requireFolder(tx, account, parentId);
				const place = await placeOf(tx, account, { folder: parentId, inside: id as FolderId });
				// Attack: a folder moved into one of its own would lie nowhere, with everything in it.
				if (place.isInside)
					throw new AppError('invalid', 'A folder cannot lie inside itself. Choose another place.', {
						field: 'to'
					});
				requireDepth(place.depth + (await heightOf(tx, account, id as FolderId)));
				await requireFreeName(tx, account, { name: entry.name, parentId, except: id });
				await tx.execute(sql`UPDATE folder SET parent_id = ${parentId}::uuid WHERE id = ${id}`);
				return { from: entry.placeId, to: parentId };
			}
		});
