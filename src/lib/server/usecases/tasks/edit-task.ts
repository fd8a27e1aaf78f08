// The fields of a task. The log keeps which of them changed.
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { changeTask, type TaskDependencies } from './change-task.ts';
import { settleFields, type TaskFields } from './task-fields.ts';

const FIELDS = ['title', 'description', 'dueOn', 'waitingOn', 'clientVisible', 'assigneeStaffId'] as const;

/** @throws AppError `not_found`, `invalid`; the gate's refusals (logged) */
export const editTask =
	(deps: TaskDependencies) =>
	(actor: EitherActor, { id, ...input }: TaskFields & { id: string }, origin: Origin): Promise<void> =>
		changeTask(deps, actor, {
			action: 'task.edited',
			id,
			origin,
			label: input.title,
			async work(tx, { task, taskId }) {
				const after = await settleFields(tx, actor, { before: task, input });
				await tx.execute(sql`UPDATE task SET title = ${after.title}, description = ${after.description},
					due_on = ${after.dueOn}::date, waiting_on = ${after.waitingOn},
					client_visible = ${after.clientVisible}, assignee_staff_id = ${after.assigneeStaffId}::uuid,
					updated_at = now() WHERE id = ${taskId}`);
				return {
					value: undefined,
					details: { changed: FIELDS.filter((field) => task[field] !== after[field]) }
				};
			}
		});
