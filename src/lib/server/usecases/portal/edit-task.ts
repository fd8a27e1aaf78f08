// Title, description and due date of a task. The log keeps which of them changed.
import { sql } from 'drizzle-orm';
import type { Origin, PortalActor } from '#domain/actor.ts';
import type { TaskId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { TaskInput } from './create-task.ts';
import { lockTask } from './lock-task.ts';
import { requireId } from './scope.ts';

const FIELDS = ['title', 'description', 'dueOn'] as const;

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const editTask =
	({ act }: { act: Act }) =>
	async (actor: PortalActor, id: string, input: TaskInput, origin: Origin): Promise<void> => {
		const taskId = requireId<TaskId>(id, 'task');
		const subject = { type: 'task', id: taskId };
		await act(actor, { action: 'task.edited', subject, origin }, async (tx) => {
			const before = await lockTask(tx, actor, taskId);
			await tx.execute(sql`UPDATE task SET title = ${input.title}, description = ${input.description},
				due_on = ${input.dueOn}::date, updated_at = now() WHERE id = ${taskId}`);
			const changed = FIELDS.filter((field) => before[field] !== input[field]);
			return { value: undefined, subject: { ...subject, label: input.title }, details: { changed } };
		});
	};
