// Filters of a list that a person gave a name: their own, seen by nobody else.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { Permission } from '#domain/permissions.ts';
import { requireReader } from './require-reader.ts';

const MAX_NAME = 40;
const MAX_QUERY = 1_000;
const MAX_VIEWS = 20;

export const saveViewInput = z.object({
	name: z
		.string()
		.trim()
		.min(1, 'Give it a name.')
		.max(MAX_NAME, `A name has at most ${MAX_NAME} characters.`),
	query: z
		.string()
		.max(MAX_QUERY)
		// Only ever put behind the list's own address; read again by its own schema.
		.transform((text) => {
			const query = new URLSearchParams(text);
			// What was searched for may quote what is erased later, and would stand here for ever.
			query.delete('seen');
			return query.toString();
		})
		.refine((text) => text !== '', 'Set a filter or an order first, then save it.')
});
export const removeViewInput = z.object({ id: z.string().refine(isUuid, 'This view is gone.') });

export type SavedView = { id: string; name: string; query: string };

/** Lists that have them, and what reading each takes. */
const LISTS = { recordings: 'review', actions: 'actions.read' } as const satisfies Record<string, Permission>;
export type ViewedList = keyof typeof LISTS;

const SUBJECT = { type: 'saved_view', id: '' };

/** By name. @throws AppError `not_allowed` to whoever may not read the list */
export const listSavedViews =
	({ db }: { db: Db }, list: ViewedList) =>
	async (actor: StaffActor): Promise<SavedView[]> => {
		await requireReader(db, actor, LISTS[list]);
		const rows = await db.execute<SavedView>(sql`
			SELECT id, name, query FROM saved_view WHERE staff_id = ${actor.staffId} AND agency_id = ${actor.agencyId}
				AND list = ${list} ORDER BY lower(name)`);
		return [...rows];
	};

/** A name that is there already is given to the new filters. @throws AppError `conflict` when there are too many */
export const saveView =
	({ act, ids }: { act: Act; ids: Ids }, list: ViewedList) =>
	async (actor: StaffActor, input: z.infer<typeof saveViewInput>, origin: Origin): Promise<void> => {
		const subject = { ...SUBJECT, id: ids.uuid(), label: input.name };
		await act(actor, { action: 'staff.preferences_changed', subject, origin }, async (tx) => {
			const [held] = await tx.execute<{ n: number }>(sql`
				SELECT count(*)::int AS n FROM saved_view WHERE staff_id = ${actor.staffId} AND list = ${list} AND lower(name) <> lower(${input.name})`);
			if ((held?.n ?? 0) >= MAX_VIEWS)
				throw new AppError(
					'conflict',
					`${MAX_VIEWS} views are the most there can be. Remove one, then save this.`
				);
			await tx.execute(sql`
				INSERT INTO saved_view (id, agency_id, staff_id, list, name, query)
				VALUES (${subject.id}, ${actor.agencyId}, ${actor.staffId}, ${list}, ${input.name}, ${input.query})
				ON CONFLICT (staff_id, list, lower(name)) DO UPDATE SET query = EXCLUDED.query, name = EXCLUDED.name`);
			return { value: undefined };
		});
	};

/** @throws AppError `not_found` for somebody else's, too */
export const removeView =
	({ act }: { act: Act }, list: ViewedList) =>
	async (actor: StaffActor, input: z.infer<typeof removeViewInput>, origin: Origin): Promise<void> => {
		await act(actor, { action: 'staff.preferences_changed', origin }, async (tx) => {
			const [gone] = await tx.execute<{ name: string }>(sql`
				DELETE FROM saved_view WHERE id = ${input.id} AND staff_id = ${actor.staffId} AND list = ${list} RETURNING name`);
			if (!gone) throw new AppError('not_found', 'This view is gone already.');
			return { value: undefined, subject: { ...SUBJECT, id: input.id, label: gone.name } };
		});
	};
