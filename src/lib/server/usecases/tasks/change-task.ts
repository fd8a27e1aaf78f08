// The frame of every change of one task: whose account, the gate, the row under lock.
import type { ActionName } from '#domain/actions.ts';
import type { Origin } from '#domain/actor.ts';
import type { TaskId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { accountOfRow, type Account, type EitherActor } from '../portal/either-side.ts';
import { lockTask, type LockedTask } from './lock-task.ts';

export type TaskDependencies = { act: Act; db: Db };

type Change<T> = {
	action: ActionName;
	id: string;
	origin: Origin;
	/** True for a restore, which is about a deleted task. */
	deleted?: boolean;
	/** What it is called afterwards, when the change renames it. */
	label?: string;
	work(
		tx: Tx,
		on: { task: LockedTask; taskId: TaskId; account: Account }
	): Promise<{ value: T; details?: Record<string, unknown> }>;
};

/** @throws AppError `not_found`; the gate's refusals (logged) */
export async function changeTask<T>(
	{ act, db }: TaskDependencies,
	actor: EitherActor,
	change: Change<T>
): Promise<T> {
	const account = await accountOfRow(db, actor, { table: 'task', id: change.id });
	const taskId = change.id as TaskId;
	const subject = { type: 'task', id: taskId };
	const deed = { action: change.action, clientId: account.clientId, subject, origin: change.origin };
	return act(actor, deed, async (tx) => {
		const task = await lockTask(tx, actor, { account, taskId, deleted: change.deleted ?? false });
		const done = await change.work(tx, { task, taskId, account });
		return { ...done, subject: { ...subject, label: change.label ?? task.title } };
	});
}
