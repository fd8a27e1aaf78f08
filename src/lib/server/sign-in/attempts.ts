// How often somebody may guess at one account, from wherever they do it. The library counts by address alone, and
// addresses are cheap. Counted in its own table, in one statement, so that guesses at once count each.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import type { Side } from './auth.ts';

/**
 * Guesses at one account within the window. High enough that nobody locks somebody else out by a few posts, low enough
 * that a password of any quality is safe: below two thousand guesses a day.
 */
const MAX_ATTEMPTS = 20;
const WINDOW_S = 900;

/** How many of something within how long. */
export type Allowance = { max: number; windowS: number };
const GUESSES: Allowance = { max: MAX_ATTEMPTS, windowS: WINDOW_S };

const tableOf = (side: Side) => sql.identifier(side === 'agency' ? 'staff_rate_limit' : 'contact_rate_limit');

export type Attempts = {
	/** Counts one attempt. @returns false once there were too many */
	take(key: string, allowance?: Allowance): Promise<boolean>;
	/** It was the right person: their own slips are forgotten. */
	forget(key: string): Promise<void>;
};

export function createAttempts({ db, side, newId }: { db: Db; side: Side; newId(): string }): Attempts {
	const table = tableOf(side);
	return {
		async take(key, { max, windowS } = GUESSES) {
			const [row] = await db.execute<{ count: number }>(sql`
				INSERT INTO ${table} AS r (id, key, count, last_request)
				VALUES (${newId()}, ${key}, 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
				ON CONFLICT (key) DO UPDATE SET
					count = CASE WHEN r.last_request < EXCLUDED.last_request - ${windowS * 1000}::bigint THEN 1 ELSE r.count + 1 END,
					last_request = CASE WHEN r.last_request < EXCLUDED.last_request - ${windowS * 1000}::bigint
						OR r.count < ${max} THEN EXCLUDED.last_request ELSE r.last_request END
				RETURNING count`);
			return (row?.count ?? max + 1) <= max;
		},
		async forget(key) {
			await db.execute(sql`DELETE FROM ${table} WHERE key = ${key}`);
		}
	};
}
