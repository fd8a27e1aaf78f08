// How far an erasure of many recordings is, what it kept and why; and stopping it.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { requireId, requirePermission } from '../recordings/require-permission.ts';

/** Kept ones that are named. */
const SHOWN = 100;
const LATEST = 10;

export type Erasure = {
	id: string;
	by: string;
	reason: string;
	askedAt: number;
	endedAt: number | null;
	isStopped: boolean;
	total: number;
	erased: number;
	kept: number;
};
export type Kept = { id: string; client: string; staff: string; note: string };

const ERASURES = sql`SELECT e.id, s.name AS by, e.reason, ${ms('e.asked_at')} AS "askedAt", ${ms('e.ended_at')} AS "endedAt",
	e.stopped_at IS NOT NULL AS "isStopped", n.total, n.erased, n.kept
	FROM erasure e JOIN staff s ON s.id = e.asked_by, LATERAL (SELECT count(*)::int AS total,
		count(*) FILTER (WHERE outcome = 'erased')::int AS erased, count(*) FILTER (WHERE outcome = 'kept')::int AS kept
		FROM erasure_item WHERE erasure_id = e.id) n`;

/** @throws AppError `not_found`, also for another agency's; `not_allowed` */
export const readErasure =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, id: string): Promise<Erasure & { keptOnes: Kept[] }> => {
		await requirePermission(db, actor, 'erase');
		const [row] = await db.execute<Erasure>(
			sql`${ERASURES} WHERE e.id = ${requireId(id)} AND e.agency_id = ${actor.agencyId}`
		);
		if (!row) throw new AppError('not_found', 'There is no such erasure.');
		const kept = await db.execute<Kept>(sql`
			SELECT i.id, c.name AS client, s.name AS staff, t.note FROM erasure_item t JOIN impersonation i ON i.id = t.impersonation_id
			JOIN client c ON c.id = i.client_id JOIN staff s ON s.id = i.staff_id
			WHERE t.erasure_id = ${id} AND t.outcome = 'kept' ORDER BY lower(c.name), i.id LIMIT ${SHOWN}`);
		return { ...row, keptOnes: [...kept] };
	};

/** The agency's latest. @throws AppError `not_allowed` */
export const listErasures =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<Erasure[]> => {
		await requirePermission(db, actor, 'erase');
		const rows = await db.execute<Erasure>(
			sql`${ERASURES} WHERE e.agency_id = ${actor.agencyId} ORDER BY e.asked_at DESC LIMIT ${LATEST}`
		);
		return [...rows];
	};

/** What went is gone; the rest stays. It is over with that, whether a job is under way or died of it long ago. @throws AppError `not_found`; `conflict` when it is over */
export const stopErasure =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, id: string, origin: Origin): Promise<void> => {
		const subject = { type: 'erasure', id: requireId(id) };
		await act(actor, { action: 'recordings.erasure_stopped', subject, origin }, async (tx) => {
			const stopped = await tx.execute(sql`
				UPDATE erasure SET stopped_at = clock_timestamp(), ended_at = clock_timestamp()
				WHERE id = ${id} AND agency_id = ${actor.agencyId} AND ended_at IS NULL RETURNING id`);
			if (stopped.length === 0)
				throw new AppError('conflict', 'It is over, or was stopped before: there is nothing to stop.');
			return { value: undefined };
		});
	};
