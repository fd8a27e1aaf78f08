// A comment under a task.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, PortalActor } from '#domain/actor.ts';
import type { TaskId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Ids } from '#server/ports/ids.ts';
import { lockTask } from './lock-task.ts';
import { requireId, stamp } from './scope.ts';

export const commentInput = z.object({
	body: z
		.string()
		.trim()
		.min(1, 'Write something first.')
		.max(5_000, 'Keep the comment under 5,000 characters.')
});

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const commentOnTask =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (actor: PortalActor, id: string, body: string, origin: Origin): Promise<void> => {
		const taskId = requireId<TaskId>(id, 'task');
		const subject = { type: 'task', id: taskId };
		await act(actor, { action: 'task.commented', subject, origin }, async (tx) => {
			const task = await lockTask(tx, actor, taskId);
			const commentId = ids.uuid();
			await tx.execute(sql`
				INSERT INTO task_comment (id, agency_id, client_id, task_id, body,
					made_by_contact_id, made_by_staff_id, impersonation_id)
				VALUES (${commentId}, ${actor.agencyId}, ${actor.clientId}, ${taskId}, ${body}, ${stamp(actor)})`);
			return { value: undefined, subject: { ...subject, label: task.title }, details: { commentId } };
		});
	};
