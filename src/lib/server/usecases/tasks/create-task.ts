// A contact asks the agency for something, or staff note what is to be done for a client.
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import type { TaskId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Ids } from '#server/ports/ids.ts';
import { accountOf, requireAccount, type EitherActor } from '../portal/either-side.ts';
import { stamp } from '../portal/scope.ts';
import { settleFields, type TaskFields } from './task-fields.ts';

/** `clientId` is read from staff only. */
export type NewTask = TaskFields & { clientId?: string };

const FRESH = { dueOn: null, waitingOn: 'agency', clientVisible: true, assigneeStaffId: null } as const;

/** @throws AppError `not_found`, `invalid`; the gate's refusals (logged) */
export const createTask =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (actor: EitherActor, input: NewTask, origin: Origin): Promise<TaskId> => {
		const account = accountOf(actor, input.clientId);
		const id = ids.uuid() as TaskId;
		const subject = { type: 'task', id, label: input.title };
		const deed = { action: 'task.created', clientId: account.clientId, subject, origin } as const;
		return act(actor, deed, async (tx) => {
			await requireAccount(tx, actor, account);
			const task = await settleFields(tx, actor, { before: FRESH, input });
			await tx.execute(sql`
				INSERT INTO task (id, agency_id, client_id, title, description, due_on, waiting_on, client_visible,
					assignee_staff_id, made_by_contact_id, made_by_staff_id, impersonation_id)
				VALUES (${id}, ${account.agencyId}, ${account.clientId}, ${task.title}, ${task.description},
					${task.dueOn}::date, ${task.waitingOn}, ${task.clientVisible}, ${task.assigneeStaffId}::uuid,
					${stamp(actor)})`);
			return { value: id, subject, details: { dueOn: task.dueOn } };
		});
	};
