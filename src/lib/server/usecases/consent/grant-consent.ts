// The client lets the agency in for a time, and takes it back: what stands on a grant ends within a second (due-reason).
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Ids } from '#server/ports/ids.ts';
import { ownRows, requireId } from '../portal/scope.ts';
import { requireOwner } from './require-owner.ts';

/** How long a grant may be chosen to run. */
export const GRANT_LENGTHS = { hour: '1 hour', day: '1 day', week: '7 days' } as const;

/** Consent is for an occasion; what is meant for ever is the setting "whenever there is a reason". */
export const MAX_GRANT_DAYS = 30;

/** So many at once are a slip of a script, and all of them stand on one page. */
const MAX_RUNNING = 20;

export const grantInput = z
	.object({
		lasts: z.enum(['hour', 'day', 'week', 'until'], 'Choose for how long.'),
		until: z
			.union([z.literal(''), z.iso.date()], 'Choose a date.')
			.default('')
			.transform((text) => text || null)
	})
	.refine((input) => input.lasts !== 'until' || input.until !== null, {
		path: ['until'],
		message: 'Choose the last day.'
	});
export type GrantInput = z.infer<typeof grantInput>;

const endOf = ({ lasts, until }: GrantInput) =>
	lasts === 'until'
		? // The whole of the chosen day, wherever its reader lives: it ends when the day has ended in UTC.
			sql`((${until}::date + 1)::timestamp AT TIME ZONE 'UTC')`
		: sql`clock_timestamp() + ${GRANT_LENGTHS[lasts]}::interval`;

/** @throws AppError `not_allowed` for those who are no owner, `forbidden` while impersonating (both logged), `invalid`, `conflict` */
export const grantConsent =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (actor: PortalActor, input: GrantInput, origin: Origin): Promise<void> => {
		const id = ids.uuid();
		const subject = { type: 'client', id: actor.clientId };
		await act(actor, { action: 'consent.granted', subject, origin }, async (tx) => {
			await requireOwner(tx, actor);
			const running = await tx.execute(sql`SELECT FROM consent_grant o
				WHERE ${ownRows(actor, 'o')} AND o.withdrawn_at IS NULL AND o.until > clock_timestamp()`);
			if (running.length >= MAX_RUNNING)
				throw new AppError('conflict', `${MAX_RUNNING} permissions run already. Withdraw one of them first.`);
			const [row] = await tx.execute<{ until: string }>(sql`
				INSERT INTO consent_grant (id, agency_id, client_id, granted_by, until)
				SELECT ${id}, ${actor.agencyId}, ${actor.clientId}, ${actor.contactId}, e.until FROM (SELECT ${endOf(input)} AS until) e
				WHERE e.until > clock_timestamp() AND e.until <= (date_trunc('day', clock_timestamp() AT TIME ZONE 'UTC')
					+ make_interval(days => ${MAX_GRANT_DAYS + 1})) AT TIME ZONE 'UTC'
				RETURNING to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS until`);
			if (!row)
				throw new AppError('invalid', `Choose a day from today on, at most ${MAX_GRANT_DAYS} days ahead.`, {
					field: 'until'
				});
			return { value: undefined, details: { until: row.until } };
		});
	};

/** @throws AppError `not_found` when it does not run any more; as above */
export const withdrawConsent =
	({ act }: { act: Act }) =>
	async (actor: PortalActor, grantId: string, origin: Origin): Promise<void> => {
		const id = requireId<string>(grantId, 'permission');
		const subject = { type: 'client', id: actor.clientId };
		await act(actor, { action: 'consent.withdrawn', subject, origin }, async (tx) => {
			await requireOwner(tx, actor);
			const rows = await tx.execute(sql`
				UPDATE consent_grant o SET withdrawn_at = clock_timestamp(), withdrawn_by = ${actor.contactId}
				WHERE o.id = ${id} AND ${ownRows(actor, 'o')} AND o.withdrawn_at IS NULL AND o.until > clock_timestamp()
				RETURNING o.id`);
			if (rows.length === 0) throw new AppError('not_found', 'This permission does not run any more.');
			return { value: undefined };
		});
	};
