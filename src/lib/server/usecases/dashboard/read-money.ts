// What clients owe, by currency and by how long it is overdue. Sums are of integers in the database: exact.
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';

export type Owed = {
	currency: string;
	invoices: number;
	overdueInvoices: number;
	/** In minor units. */
	totalMinor: number;
	overdueMinor: number;
	/** Not due yet, then overdue up to 14 days, up to 30, longer. */
	byAgeMinor: [number, number, number, number];
};

type Row = Omit<Owed, 'byAgeMinor'> & { a: number; b: number; c: number; d: number };

export async function readMoney(db: Db, agencyId: AgencyId): Promise<Owed[]> {
	// Sums of cents stay far below what a float holds exactly (2^53).
	const rows = await db.execute<Row>(sql`
		WITH owed AS (SELECT part AS currency, sum(n) AS n, sum(minor) AS minor, current_date - day AS late
			FROM tally WHERE agency_id = ${agencyId} AND what = 'invoice.due' GROUP BY part, day)
		SELECT currency, sum(n)::int AS invoices, COALESCE(sum(n) FILTER (WHERE late > 0), 0)::int AS "overdueInvoices",
			sum(minor)::float8 AS "totalMinor", COALESCE(sum(minor) FILTER (WHERE late > 0), 0)::float8 AS "overdueMinor",
			COALESCE(sum(minor) FILTER (WHERE late <= 0), 0)::float8 AS a,
			COALESCE(sum(minor) FILTER (WHERE late BETWEEN 1 AND 14), 0)::float8 AS b,
			COALESCE(sum(minor) FILTER (WHERE late BETWEEN 15 AND 30), 0)::float8 AS c,
			COALESCE(sum(minor) FILTER (WHERE late > 30), 0)::float8 AS d
		FROM owed GROUP BY currency HAVING sum(n) > 0 ORDER BY sum(minor) DESC`);
	return rows.map(({ a, b, c, d, ...row }) => ({ ...row, byAgeMinor: [a, b, c, d] }));
}
