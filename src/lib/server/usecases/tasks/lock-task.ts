// The task a change is about, held until the change is done.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { ContactId, StaffId, TaskId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import { inPortal, type Account, type EitherActor } from '../portal/either-side.ts';
import { ownRows } from '../portal/scope.ts';

export type LockedTask = {
	title: string;
	description: string;
	dueOn: string | null;
	status: 'open' | 'done';
	waitingOn: 'client' | 'agency';
	clientVisible: boolean;
	assigneeStaffId: StaffId | null;
	madeByContactId: ContactId | null;
};

/** SQL: the tasks of this account that this actor may know of. Internal ones exist for staff only. */
export const knownTasks = (actor: EitherActor, account: Account, alias: string) =>
	inPortal(actor)
		? sql`${ownRows(account, alias)} AND ${sql.identifier(alias)}.client_visible`
		: ownRows(account, alias);

/** @throws AppError `not_found`, also for another client's task, a deleted one and one the client may not see */
export async function lockTask(
	tx: Tx,
	actor: EitherActor,
	on: { account: Account; taskId: TaskId; deleted?: boolean }
): Promise<LockedTask> {
	const [row] = await tx.execute<LockedTask>(sql`
		SELECT t.title, t.description, t.due_on::text AS "dueOn", t.status, t.waiting_on AS "waitingOn",
			t.client_visible AS "clientVisible", t.assignee_staff_id AS "assigneeStaffId",
			t.made_by_contact_id AS "madeByContactId"
		FROM task t WHERE t.id = ${on.taskId} AND ${knownTasks(actor, on.account, 't')}
			AND (t.deleted_at IS NOT NULL) = ${on.deleted ?? false}::boolean FOR UPDATE`);
	if (!row) throw new AppError('not_found', 'There is no such task.');
	return row;
}
