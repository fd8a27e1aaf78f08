// Numbers over everything an agency has, kept by the database's triggers as differences (migration of the table `tally`).
import { sql, type SQL } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import type { Db, Reader } from './types.ts';

export type Tallied = 'invoice.status' | 'order.status' | 'order.service' | 'subscription.status';

const sumsOf = (agencyId: AgencyId, what: Tallied | 'task.open'): SQL =>
	sql`(SELECT part, sum(n)::int AS n FROM tally WHERE agency_id = ${agencyId} AND what = ${what} GROUP BY part)`;

/**
 * By how much the clients' open tasks differ from what `client_rank` says, since the last fold: `part` (the client) and `n`, as a
 * subquery. Both are to be read in one statement, or a fold between them would count twice or not at all.
 */
export const unfoldedTasks = (agencyId: AgencyId): SQL => sumsOf(agencyId, 'task.open');

/** One kind of number by its parts, e.g. invoices by status. Parts that count nothing may be absent. */
export async function readTally(
	reader: Reader,
	agencyId: AgencyId,
	what: Tallied
): Promise<Map<string, number>> {
	const rows = await reader.execute<{ part: string; n: number }>(
		sql`SELECT part, n FROM ${sumsOf(agencyId, what)} AS sums`
	);
	return new Map(rows.map(({ part, n }) => [part, n]));
}

/** Any number, the same in every process. */
const FOLD_LOCK = 7_294_802;

/**
 * Makes one row of the rows of each number, and adds what came to a client's open tasks to its row in `client_rank`. In one
 * statement: who reads meanwhile sees either all of them or the one. One fold at a time, since two would wait for each
 * other's clients crosswise; each adds up what it deleted itself.
 */
export async function foldTallies(db: Db): Promise<void> {
	await db.transaction(async (tx) => {
		await tx.execute(sql`SELECT pg_advisory_xact_lock(${FOLD_LOCK})`);
		await tx.execute(sql`
			WITH many AS (SELECT agency_id, what, part, day FROM tally GROUP BY agency_id, what, part, day
					HAVING count(*) > 1 OR what = 'task.open'),
				gone AS (DELETE FROM tally t USING many m WHERE t.agency_id = m.agency_id AND t.what = m.what AND t.part = m.part
					AND t.day = m.day RETURNING t.*),
				ranked AS (UPDATE client_rank r SET open_tasks = r.open_tasks + g.n
					FROM (SELECT part::uuid AS client_id, sum(n) AS n FROM gone WHERE what = 'task.open' GROUP BY part) AS g
					WHERE r.client_id = g.client_id AND g.n <> 0)
			INSERT INTO tally (agency_id, what, part, day, n, minor, paid_minor)
				SELECT agency_id, what, part, day, sum(n), sum(minor), sum(paid_minor) FROM gone WHERE what <> 'task.open'
				GROUP BY agency_id, what, part, day HAVING sum(n) <> 0 OR sum(minor) <> 0 OR sum(paid_minor) <> 0`);
	});
}
