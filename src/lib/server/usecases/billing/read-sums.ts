// What a list of invoices adds up to, by currency, and month by month: the numbers above it.
import { sql, type SQL } from 'drizzle-orm';
import type { Reader } from '#server/db/types.ts';

export type Sums = {
	currency: string;
	/** Still due, of all that is open. */
	openMinor: number;
	openCount: number;
	/** The part of it past its day. */
	overdueMinor: number;
	overdueCount: number;
	paidMinor: number;
};

type OpenSum = Omit<Sums, 'paidMinor'>;

/**
 * Open and overdue of these invoices, and what was paid on them since a day.
 * @param own rows of `invoice i`; `ownPayments` the same of `payment p`
 */
export async function readSums(
	reader: Reader,
	{ own, ownPayments, since }: { own: SQL; ownPayments: SQL; since: SQL }
): Promise<Sums[]> {
	const [open, paid] = await Promise.all([
		reader.execute<OpenSum>(sql`
			SELECT i.currency, sum(i.total_minor - i.paid_minor)::float8 AS "openMinor", count(*)::int AS "openCount",
				coalesce(sum(i.total_minor - i.paid_minor) FILTER (WHERE i.due_on < current_date), 0)::float8 AS "overdueMinor",
				(count(*) FILTER (WHERE i.due_on < current_date))::int AS "overdueCount"
			FROM invoice i WHERE ${own} AND i.status = 'open' GROUP BY i.currency`),
		reader.execute<{ currency: string; paidMinor: number }>(sql`
			SELECT p.currency, sum(p.amount_minor)::float8 AS "paidMinor" FROM payment p
			WHERE ${ownPayments} AND p.paid_on >= ${since} GROUP BY p.currency`)
	]);
	const none = { openMinor: 0, openCount: 0, overdueMinor: 0, overdueCount: 0 };
	const currencies = [...new Set([...open, ...paid].map((row) => row.currency))].toSorted();
	return currencies.map((currency) => ({
		...none,
		...open.find((row) => row.currency === currency),
		currency,
		paidMinor: paid.find((row) => row.currency === currency)?.paidMinor ?? 0
	}));
}

/** One month's invoices in one currency; `month` is its first day. */
export type MonthSum = { month: string; totalMinor: number; paidMinor: number };

export const MONTHS_SHOWN = 12;

/** The last twelve months, empty ones too, in the currency that most was invoiced in; null when nothing was. */
export async function readMonths(
	reader: Reader,
	own: SQL
): Promise<{ currency: string; months: MonthSum[] } | null> {
	const rows = await reader.execute<MonthSum & { currency: string }>(sql`
		WITH recent AS (
			SELECT date_trunc('month', i.issued_on)::date AS month, i.currency, i.total_minor, i.paid_minor FROM invoice i
			WHERE ${own} AND i.status IN ('open', 'paid')
				AND i.issued_on >= date_trunc('month', current_date) - make_interval(months => ${MONTHS_SHOWN - 1})),
		main AS (SELECT currency FROM recent GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1)
		SELECT m::date::text AS month, main.currency, coalesce(sum(r.total_minor), 0)::float8 AS "totalMinor",
			coalesce(sum(r.paid_minor), 0)::float8 AS "paidMinor"
		FROM main CROSS JOIN generate_series(date_trunc('month', current_date) - make_interval(months => ${MONTHS_SHOWN - 1}),
			date_trunc('month', current_date), interval '1 month') AS m
		LEFT JOIN recent r ON r.month = m::date AND r.currency = main.currency
		GROUP BY m, main.currency ORDER BY m`);
	const currency = rows[0]?.currency;
	if (!currency) return null;
	return {
		currency,
		months: rows.map(({ month, totalMinor, paidMinor }) => ({ month, totalMinor, paidMinor }))
	};
}
