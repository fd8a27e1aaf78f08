// The fields of a task as forms send them, and which of them this actor may set.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import { may } from '#domain/visibility.ts';
import { readPortalView } from '#server/db/standing.ts';
import type { Tx } from '#server/db/types.ts';
import { inPortal, type EitherActor } from '../portal/either-side.ts';

/** What a portal form sends. A field that is not in the form stays as it is. */
export const taskInput = z.object({
	title: z.string().trim().min(1, 'Give the task a title.').max(200, 'Keep the title under 200 characters.'),
	description: z.string().trim().max(10_000, 'Keep the description under 10,000 characters.').default(''),
	dueOn: z
		.union(
			[z.literal(''), z.iso.date('Choose a date, or leave it empty.')],
			'Choose a date, or leave it empty.'
		)
		.transform((text) => text || null)
		.optional()
});

/** What a form of the agency's side sends beside that. A box that is not ticked is not in the form. */
export const staffTaskInput = taskInput.extend({
	waitingOn: z.enum(['client', 'agency']).default('agency'),
	clientVisible: z
		.literal('on')
		.optional()
		.transform((ticked) => ticked === 'on'),
	assigneeStaffId: z
		.string()
		.default('')
		.refine((text) => text === '' || isUuid(text), 'Choose somebody of the team, or nobody.')
		.transform((text) => text || null)
});

/** Left out: unchanged, or the default of a new task. The last three are staff's to set. */
export type TaskFields = {
	title: string;
	description: string;
	dueOn?: string | null | undefined;
	waitingOn?: 'client' | 'agency' | undefined;
	clientVisible?: boolean | undefined;
	assigneeStaffId?: string | null | undefined;
};

async function requireDueDate(tx: Tx, actor: EitherActor): Promise<void> {
	if (!inPortal(actor)) return;
	const view = await readPortalView(tx, actor);
	if (view && may('tasks.due_date', view)) return;
	throw new AppError(
		'not_allowed',
		'Your agency sets the due date, so nothing was changed. Ask them in a comment.',
		{
			field: 'dueOn'
		}
	);
}

async function requireColleague(tx: Tx, actor: EitherActor, staffId: string): Promise<void> {
	const rows = await tx.execute(sql`SELECT FROM staff
		WHERE id = ${staffId} AND agency_id = ${actor.agencyId} AND active`);
	if (rows.length === 0)
		throw new AppError('invalid', 'Choose somebody of the team who is active.', { field: 'assigneeStaffId' });
}

export type SettledFields = Required<{ [K in keyof TaskFields]: NonNullable<TaskFields[K]> | null }>;

/**
 * The fields as they will be stored. Attack: a form made by hand sets a due date the agency keeps to itself, or makes an
 * internal task visible; in the portal only what its form shows is taken.
 * @throws AppError `not_allowed` for a due date that is not the contact's to set, `invalid` for a stranger as assignee
 */
export async function settleFields(
	tx: Tx,
	actor: EitherActor,
	{ before, input }: { before: Omit<SettledFields, 'title' | 'description'>; input: TaskFields }
): Promise<SettledFields> {
	const dueOn = input.dueOn === undefined ? before.dueOn : input.dueOn;
	if (dueOn !== before.dueOn) await requireDueDate(tx, actor);
	const given: Partial<TaskFields> = inPortal(actor) ? {} : input;
	const assigneeStaffId =
		given.assigneeStaffId === undefined ? before.assigneeStaffId : given.assigneeStaffId;
	if (assigneeStaffId && assigneeStaffId !== before.assigneeStaffId)
		await requireColleague(tx, actor, assigneeStaffId);
	return {
		title: input.title,
		description: input.description,
		dueOn,
		waitingOn: given.waitingOn ?? before.waitingOn,
		clientVisible: given.clientVisible ?? before.clientVisible,
		assigneeStaffId
	};
}
