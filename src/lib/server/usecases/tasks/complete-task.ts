// Completing and reopening: the two ways of a task's status.
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { changeTask, type TaskDependencies } from './change-task.ts';

const turn =
	(action: 'task.completed' | 'task.reopened', status: 'open' | 'done') =>
	(deps: TaskDependencies) =>
	(actor: EitherActor, { id }: { id: string }, origin: Origin): Promise<void> =>
		changeTask(deps, actor, {
			action,
			id,
			origin,
			async work(tx, { task, taskId }) {
				if (task.status === status)
					throw new AppError('conflict', `This task is already ${status === 'done' ? 'completed' : 'open'}.`);
				await tx.execute(sql`UPDATE task SET status = ${status}, updated_at = now(),
					completed_at = CASE WHEN ${status} = 'done' THEN now() END WHERE id = ${taskId}`);
				return { value: undefined };
			}
		});

/** @throws AppError `not_found`, `conflict` when it is done already; the gate's refusals (logged) */
export const completeTask = turn('task.completed', 'done');

/** @throws AppError `not_found`, `conflict` when it is open already; the gate's refusals (logged) */
export const reopenTask = turn('task.reopened', 'open');
