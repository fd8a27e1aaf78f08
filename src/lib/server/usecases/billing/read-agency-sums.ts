// What an agency's invoices add up to, read from the tallies: as dear with a million invoices as with a hundred. The same
// numbers of one client are added up from their rows (read-sums.ts); a test holds the two to each other.
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import type { Reader } from '#server/db/types.ts';
import { MONTHS_SHOWN, type MonthSum, type Sums } from './read-sums.ts';

const PAID_DAYS = 30;

/** Open and overdue by currency, and what was paid in the last thirty days. */
export async function readAgencySums(reader: Reader, agencyId: AgencyId): Promise<Sums[]> {
	const rows = await reader.execute<Sums>(sql`
		SELECT part AS currency, coalesce(sum(minor) FILTER (WHERE what = 'invoice.due'), 0)::float8 AS "openMinor",
			coalesce(sum(n) FILTER (WHERE what = 'invoice.due'), 0)::int AS "openCount",
			coalesce(sum(minor) FILTER (WHERE what = 'invoice.due' AND day < current_date), 0)::float8 AS "overdueMinor",
			coalesce(sum(n) FILTER (WHERE what = 'invoice.due' AND day < current_date), 0)::int AS "overdueCount",
			coalesce(sum(minor) FILTER (WHERE what = 'payment'), 0)::float8 AS "paidMinor"
		FROM tally WHERE agency_id = ${agencyId}
			AND (what = 'invoice.due' OR what = 'payment' AND day >= current_date - ${PAID_DAYS}::int)
		GROUP BY part HAVING sum(n) <> 0 ORDER BY part`);
	return [...rows];
}

/** As `readMonths`, of the whole agency. */
export async function readAgencyMonths(
	reader: Reader,
	agencyId: AgencyId
): Promise<{ currency: string; months: MonthSum[] } | null> {
	const rows = await reader.execute<MonthSum & { currency: string }>(sql`
		WITH recent AS (SELECT part, day, sum(n) AS n, sum(minor) AS minor, sum(paid_minor) AS paid FROM tally
				WHERE agency_id = ${agencyId} AND what = 'invoice.month'
					AND day >= date_trunc('month', current_date) - make_interval(months => ${MONTHS_SHOWN - 1})
				GROUP BY part, day),
			main AS (SELECT part FROM recent GROUP BY part HAVING sum(n) > 0 ORDER BY sum(n) DESC, part LIMIT 1)
		SELECT m::date::text AS month, main.part AS currency, coalesce(r.minor, 0)::float8 AS "totalMinor",
			coalesce(r.paid, 0)::float8 AS "paidMinor"
		FROM main CROSS JOIN generate_series(date_trunc('month', current_date) - make_interval(months => ${MONTHS_SHOWN - 1}),
			date_trunc('month', current_date), interval '1 month') AS m
		LEFT JOIN recent r ON r.day = m::date AND r.part = main.part ORDER BY m`);
	const currency = rows[0]?.currency;
	if (!currency) return null;
	const months = rows.map(({ month, totalMinor, paidMinor }) => ({ month, totalMinor, paidMinor }));
	return { currency, months };
}
