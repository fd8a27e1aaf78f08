// A comment under a task.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { stamp } from '../portal/scope.ts';
import { changeTask, type TaskDependencies } from './change-task.ts';

export const commentInput = z.object({
	body: z
		.string()
		.trim()
		.min(1, 'Write something first.')
		.max(5_000, 'Keep the comment under 5,000 characters.')
});

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const commentOnTask =
	({ ids, ...deps }: TaskDependencies & { ids: Ids }) =>
	(actor: EitherActor, { id, body }: { id: string; body: string }, origin: Origin): Promise<void> =>
		changeTask(deps, actor, {
			action: 'task.commented',
			id,
			origin,
			async work(tx, { taskId, account }) {
				const commentId = ids.uuid();
				await tx.execute(sql`
					INSERT INTO task_comment (id, agency_id, client_id, task_id, body,
						made_by_contact_id, made_by_staff_id, impersonation_id)
					VALUES (${commentId}, ${account.agencyId}, ${account.clientId}, ${taskId}, ${body}, ${stamp(actor)})`);
				return { value: undefined, details: { commentId } };
			}
		});
