// Completing and reopening: the two ways of a task's status.
import { sql } from 'drizzle-orm';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { TaskId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import { lockTask } from './lock-task.ts';
import { requireId } from './scope.ts';

const turn =
	(action: 'task.completed' | 'task.reopened', status: 'open' | 'done') =>
	({ act }: { act: Act }) =>
	async (actor: PortalActor, id: string, origin: Origin): Promise<void> => {
		const taskId = requireId<TaskId>(id, 'task');
		const subject = { type: 'task', id: taskId };
		await act(actor, { action, subject, origin }, async (tx) => {
			const task = await lockTask(tx, actor, taskId);
			if (task.status === status)
				throw new AppError('conflict', `This task is already ${status === 'done' ? 'completed' : 'open'}.`);
			await tx.execute(sql`UPDATE task SET status = ${status}, updated_at = now(),
				completed_at = CASE WHEN ${status} = 'done' THEN now() END WHERE id = ${taskId}`);
			return { value: undefined, subject: { ...subject, label: task.title } };
		});
	};

/** @throws AppError `not_found`, `conflict` when it is done already; the gate's refusals (logged) */
export const completeTask = turn('task.completed', 'done');

/** @throws AppError `not_found`, `conflict` when it is open already; the gate's refusals (logged) */
export const reopenTask = turn('task.reopened', 'open');
