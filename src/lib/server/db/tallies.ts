// Numbers over everything an agency has, kept by the database's triggers as differences (migration of the table `tally`).
import { sql, type SQL } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import type { Db, Reader } from './types.ts';

export type Tallied = 'invoice.status' | 'order.status' | 'order.service' | 'task.open';

/** Rows of one kind of number, `part` and `n`, as a subquery. */
export const tallySums = (agencyId: AgencyId, what: Tallied): SQL =>
	sql`(SELECT part, sum(n)::int AS n FROM tally WHERE agency_id = ${agencyId} AND what = ${what} GROUP BY part)`;

/** One kind of number by its parts, e.g. invoices by status. Parts that count nothing may be absent. */
export async function readTally(
	reader: Reader,
	agencyId: AgencyId,
	what: Tallied
): Promise<Map<string, number>> {
	const rows = await reader.execute<{ part: string; n: number }>(
		sql`SELECT part, n FROM ${tallySums(agencyId, what)} AS sums`
	);
	return new Map(rows.map(({ part, n }) => [part, n]));
}

/**
 * Makes one row of the rows of each number. In one statement: who reads meanwhile sees either all of them or the one. Two
 * folds at once never count a row twice, since each adds up what it deleted itself.
 */
export async function foldTallies(db: Db): Promise<void> {
	await db.execute(sql`
		WITH many AS (SELECT agency_id, what, part, day FROM tally GROUP BY agency_id, what, part, day HAVING count(*) > 1),
			gone AS (DELETE FROM tally t USING many m WHERE t.agency_id = m.agency_id AND t.what = m.what AND t.part = m.part
				AND t.day = m.day RETURNING t.*)
		INSERT INTO tally (agency_id, what, part, day, n, minor, paid_minor)
			SELECT agency_id, what, part, day, sum(n), sum(minor), sum(paid_minor) FROM gone GROUP BY agency_id, what, part, day
			HAVING sum(n) <> 0 OR sum(minor) <> 0 OR sum(paid_minor) <> 0`);
}
