// Stores what staff wanted to do while impersonating, for the client to approve.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { DraftId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import { readPortalView, requirePortal } from '#server/db/standing.ts';
import type { Ids } from '#server/ports/ids.ts';
import { ownRows } from '../portal/scope.ts';
import type { Prepare } from './draft-desk.ts';

/** Long enough for a holiday, short enough that prices and plans are still what was meant. */
export const DRAFT_LIFE_DAYS = 14;

/** @throws AppError `not_allowed` where the contact may not do it either, `second_person`; the gate's refusals (logged) */
export const prepareDraft =
	({ act, ids }: { act: Act; ids: Ids }): Prepare =>
	async (actor, { action, input, label, href, facts }, origin) => {
		const id = ids.uuid() as DraftId;
		const subject = { type: 'draft', id, label };
		return act(actor, { action: 'draft.prepared', subject, origin }, async (tx) => {
			// The gate asks this for 'draft.prepared' alone, and for the action itself it asked a moment ago: a draft never widens a right.
			requirePortal(await readPortalView(tx, actor), action);
			const stored = JSON.stringify(input);
			// Pressed twice is prepared once, even at the same moment.
			await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${actor.clientId + action}, 0))`);
			const [twin] = await tx.execute<{ id: string }>(sql`
				SELECT d.id FROM draft d WHERE ${ownRows(actor, 'd')} AND d.action = ${action} AND d.input = ${stored}::jsonb
				AND d.state = 'open' AND d.expires_at > clock_timestamp()`);
			if (twin) throw new AppError('conflict', 'This is prepared already and waits for approval.');
			await tx.execute(sql`
				INSERT INTO draft (id, agency_id, client_id, contact_id, action, input, label, facts, href, prepared_by,
					impersonation_id, expires_at)
				VALUES (${id}, ${actor.agencyId}, ${actor.clientId}, ${actor.contactId}, ${action}, ${stored}::jsonb,
					${label}, ${JSON.stringify(facts)}::jsonb, ${href}, ${actor.act.staffId}, ${actor.impersonationId},
					clock_timestamp() + make_interval(days => ${DRAFT_LIFE_DAYS}))`);
			const [contact] = await tx.execute<{ name: string }>(
				sql`SELECT name FROM contact WHERE id = ${actor.contactId}`
			);
			return { value: { waitsFor: contact?.name ?? 'the client' }, details: { prepared: action } };
		});
	};
