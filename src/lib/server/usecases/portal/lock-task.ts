// The task a change is about, held until the change is done.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { TaskId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import { ownRows } from './scope.ts';

export type LockedTask = {
	title: string;
	description: string;
	dueOn: string | null;
	status: 'open' | 'done';
};

/** @throws AppError `not_found`, also for another client's task and one the client may not see */
export async function lockTask(tx: Tx, actor: PortalActor, taskId: TaskId): Promise<LockedTask> {
	const [row] = await tx.execute<LockedTask>(sql`
		SELECT t.title, t.description, t.due_on::text AS "dueOn", t.status FROM task t
		WHERE t.id = ${taskId} AND ${ownRows(actor, 't')} AND t.client_visible FOR UPDATE`);
	if (!row) throw new AppError('not_found', 'There is no such task.');
	return row;
}
