// Where an alert leads: the page that shows what it is about.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { requireOverseer } from './require-overseer.ts';

type Place = { impersonationId: string | null; isRunning: boolean; afterMs: number | null; staffId: string };

/**
 * The page that shows the moment: live while it runs, else its recording from there. Whoever may see only one of the two is led
 * to the alert in the list where it is the other: the link stands in a mail that was sent before the session ended.
 * @throws AppError `not_allowed`; `not_found`, for another agency's too
 */
export const findMoment =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, id: string): Promise<string> => {
		const held = await requireOverseer(db, actor);
		const [row] = isUuid(id)
			? await db.execute<Place>(sql`
				SELECT a.impersonation_id AS "impersonationId", COALESCE(i.state = 'active', false) AS "isRunning",
					${ms('a.at')} - ${ms('i.started_at')} AS "afterMs", a.staff_id AS "staffId"
				FROM alert a LEFT JOIN impersonation i ON i.id = a.impersonation_id
				WHERE a.id = ${id} AND a.agency_id = ${actor.agencyId}`)
			: [];
		if (!row) throw new AppError('not_found', 'There is no such alert.');
		if (row.impersonationId === null || !held.has(row.isRunning ? 'observe' : 'review'))
			return `/alerts?show=all&staff=${row.staffId}`;
		if (row.isRunning) return `/live/${row.impersonationId}`;
		return `/recordings/${row.impersonationId}?t=${Math.max(0, Math.round(row.afterMs ?? 0))}`;
	};
