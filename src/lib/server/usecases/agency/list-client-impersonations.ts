// Who was inside one client's portal, newest first.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import type { EndReason } from '#domain/impersonation.ts';
import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import type { Db } from '#server/db/types.ts';
import { bothWays, sortIn } from './orders-of-list.ts';
import { ms, PAGE_SIZE, requireClient } from './require-reader.ts';

export type ImpersonationRow = {
	id: string;
	staffId: string;
	staff: string;
	contact: string;
	mode: Mode;
	reason: Reason;
	ticket: string | null;
	startedAt: number;
	lengthMs: number;
	isRunning: boolean;
	endReason: EndReason | null;
	views: number;
	actions: number;
};

/** One that runs has no length yet. */
const ORDERS = bothWays(
	{
		started: 'i.started_at',
		length: '(i.ended_at - i.started_at)',
		staff: 'lower(s.name)',
		contact: 'lower(k.name)'
	},
	'i.id'
);
/** The tab's address. */
export const clientImpersonationsView = z.object({ sort: sortIn(ORDERS, '-started') });
export type ClientImpersonationsView = z.infer<typeof clientImpersonationsView>;

/** Starts that were never entered looked at nothing and are left to the action log. @throws AppError `not_found` */
export const listClientImpersonations =
	({ db }: { db: Db }) =>
	async (
		actor: StaffActor,
		clientId: string,
		{ sort, page }: ClientImpersonationsView & { page: number }
	): Promise<{ rows: ImpersonationRow[]; total: number }> => {
		await requireClient(db, actor, clientId);
		const rows = await db.execute<ImpersonationRow & { total: number }>(sql`
			SELECT i.id, i.staff_id AS "staffId", s.name AS staff, k.name AS contact, i.mode, i.reason, i.ticket, ${ms('i.started_at')} AS "startedAt",
				(extract(epoch FROM COALESCE(i.ended_at, clock_timestamp()) - i.started_at) * 1000)::float8 AS "lengthMs",
				i.state = 'active' AS "isRunning", i.end_reason AS "endReason",
				(SELECT count(*)::int FROM view v WHERE v.impersonation_id = i.id) AS views,
				(SELECT count(*)::int FROM action x WHERE x.impersonation_id = i.id AND x.actor_kind = 'impersonation'
					AND x.outcome = 'done' AND x.action NOT LIKE 'impersonation.%') AS actions, count(*) OVER ()::int AS total
			FROM impersonation i JOIN staff s ON s.id = i.staff_id JOIN contact k ON k.id = i.contact_id
			WHERE i.client_id = ${clientId} AND i.started_at IS NOT NULL ORDER BY ${ORDERS[sort]}
			LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`);
		return { rows: [...rows], total: rows[0]?.total ?? 0 };
	};
