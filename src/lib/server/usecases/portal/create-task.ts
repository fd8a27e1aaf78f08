// A contact asks the agency for something.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, PortalActor } from '#domain/actor.ts';
import type { TaskId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Ids } from '#server/ports/ids.ts';
import { stamp } from './scope.ts';

/** What the form sends; shared with edit. */
export const taskInput = z.object({
	title: z.string().trim().min(1, 'Give the task a title.').max(200, 'Keep the title under 200 characters.'),
	description: z.string().trim().max(10_000, 'Keep the description under 10,000 characters.').default(''),
	dueOn: z
		.union(
			[z.literal(''), z.iso.date('Choose a date, or leave it empty.')],
			'Choose a date, or leave it empty.'
		)
		.default('')
		.transform((text) => text || null)
});
export type TaskInput = z.infer<typeof taskInput>;

/** @throws AppError the gate's refusals (logged) */
export const createTask =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (actor: PortalActor, input: TaskInput, origin: Origin): Promise<TaskId> => {
		const id = ids.uuid() as TaskId;
		const subject = { type: 'task', id, label: input.title };
		return act(actor, { action: 'task.created', subject, origin }, async (tx) => {
			await tx.execute(sql`
				INSERT INTO task (id, agency_id, client_id, title, description, due_on,
					made_by_contact_id, made_by_staff_id, impersonation_id)
				VALUES (${id}, ${actor.agencyId}, ${actor.clientId}, ${input.title}, ${input.description},
					${input.dueOn}::date, ${stamp(actor)})`);
			return { value: id, subject, details: { dueOn: input.dueOn } };
		});
	};
