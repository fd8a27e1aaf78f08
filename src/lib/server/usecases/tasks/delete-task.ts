// Deleting a task leaves its row, so that it can be restored. Contacts delete their own; owners those of all contacts.
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { readPortalView } from '#server/db/standing.ts';
import type { Tx } from '#server/db/types.ts';
import { inPortal, type EitherActor } from '../portal/either-side.ts';
import { changeTask, type TaskDependencies } from './change-task.ts';
import type { LockedTask } from './lock-task.ts';

/** Whether this contact may delete a task made by that one, pure. */
export const ownsTask = (
	madeByContactId: string | null,
	contact: { contactId: string; isOwner: boolean }
): boolean => madeByContactId !== null && (contact.isOwner || madeByContactId === contact.contactId);

async function requireOwn(tx: Tx, actor: EitherActor, task: LockedTask): Promise<void> {
	if (!inPortal(actor)) return;
	const view = await readPortalView(tx, actor);
	const { contactId } = actor;
	if (view && ownsTask(task.madeByContactId, { contactId, isOwner: view.contact.isOwner })) return;
	throw new AppError(
		'not_allowed',
		'This task is not yours, so it was not deleted. Ask whoever made it, or your agency.'
	);
}

const set =
	(action: 'task.deleted' | 'task.restored') =>
	(deps: TaskDependencies) =>
	(actor: EitherActor, { id }: { id: string }, origin: Origin): Promise<void> =>
		changeTask(deps, actor, {
			action,
			id,
			origin,
			deleted: action === 'task.restored',
			async work(tx, { task, taskId }) {
				await requireOwn(tx, actor, task);
				const at = action === 'task.deleted' ? sql`now()` : sql`NULL`;
				await tx.execute(sql`UPDATE task SET deleted_at = ${at}, updated_at = now() WHERE id = ${taskId}`);
				return { value: undefined };
			}
		});

/** @throws AppError `not_found`, `not_allowed` for somebody else's; the gate's refusals (logged) */
export const deleteTask = set('task.deleted');

/** @throws AppError `not_found`, `not_allowed` for somebody else's; the gate's refusals (logged) */
export const restoreTask = set('task.restored');
