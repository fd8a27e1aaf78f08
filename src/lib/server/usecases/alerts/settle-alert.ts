// Somebody has seen to an alert, says so with a note, or opens it again. Never the one it is about.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import {
	ALERT_RULES,
	ALERT_STATES,
	isAlertRule,
	MAX_ALERT_NOTE,
	type AlertState
} from '#domain/alert-words.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import { insidersOf } from '#server/db/insiders.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { requireOverseer } from './require-overseer.ts';

export const settleInput = z.object({
	id: z.uuid('There is no such alert.'),
	state: z.enum(['open', 'seen', 'handled'], 'Choose one of the list.'),
	note: z.string().trim().max(MAX_ALERT_NOTE, `Say it in at most ${MAX_ALERT_NOTE} characters.`).default('')
});
export type SettleInput = z.infer<typeof settleInput>;

type Found = {
	rule: string;
	staffId: string;
	staff: string;
	clientId: ClientId | null;
	contactId: ContactId | null;
	impersonationId: ImpersonationId | null;
};

async function lockState(tx: Tx, id: string): Promise<{ state: AlertState; note: string }> {
	const [row] = await tx.execute<{ state: AlertState; note: string }>(
		sql`SELECT state, note FROM alert WHERE id = ${id} FOR UPDATE`
	);
	if (!row) throw new AppError('not_found', 'There is no such alert.');
	return row;
}

/**
 * @returns what it is now, in words; the same again changes nothing
 * @throws AppError `not_found`, for another agency's too; `not_allowed` (logged) without one of the permissions, and about oneself
 */
export const settleAlert =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, { id, state, note }: SettleInput, origin: Origin): Promise<string> => {
		const [found] = await db.execute<Found>(sql`
			SELECT a.rule, a.staff_id AS "staffId", s.name AS staff, a.client_id AS "clientId", i.contact_id AS "contactId",
				a.impersonation_id AS "impersonationId"
			FROM alert a JOIN staff s ON s.id = a.staff_id LEFT JOIN impersonation i ON i.id = a.impersonation_id
			WHERE a.id = ${id} AND a.agency_id = ${actor.agencyId}`);
		if (!found) throw new AppError('not_found', 'There is no such alert.');
		const { rule, staffId, staff, ...place } = found;
		const label = `${isAlertRule(rule) ? ALERT_RULES[rule].label : rule}: ${staff}`;
		const action = state === 'open' ? 'alert.reopened' : 'alert.settled';
		const deed = { action, ...place, subject: { type: 'alert', id, label }, origin } as const;
		return ifDifferent(act)(actor, deed, async (tx) => {
			await requireOverseer(tx, actor);
			const insiders = await insidersOf(tx, place.impersonationId);
			if (staffId === actor.staffId || insiders.has(actor.staffId))
				throw new AppError('not_allowed', 'This alert is about you, so somebody else sees to it.');
			const before = await lockState(tx, id);
			if (before.state === state && before.note === note) throw new Unchanged(ALERT_STATES[state]);
			const isOpen = state === 'open';
			await tx.execute(sql`UPDATE alert SET state = ${state}, note = ${isOpen ? '' : note},
				settled_by = ${isOpen ? null : actor.staffId}::uuid,
				settled_at = ${isOpen ? sql`NULL` : sql`clock_timestamp()`} WHERE id = ${id}`);
			const details = { before: ALERT_STATES[before.state], after: ALERT_STATES[state] };
			return { value: ALERT_STATES[state], details: isOpen ? details : { ...details, note } };
		});
	};
