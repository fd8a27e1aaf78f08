// Lets go of what has served its time: links and codes that ran out, counted attempts of windows long over, and what was
// removed and never asked for again. Sessions too, but each person's last one: it says when they were last here.
import { sql } from 'drizzle-orm';
import { BUCKET_MS } from '#domain/alerts.ts';
import type { Db } from '#server/db/types.ts';

/** Longer than the longest window in which attempts are counted (an hour), so that no count begins anew too soon. */
const COUNTED_HOURS = 24;
/** What rested on a session ended with it; a week keeps a clear margin. */
const SESSION_DAYS = 7;
/** Of what alerts go by nothing older than an hour is counted, nor a row of the log of more than a day ago. */
const TALLIED_DAYS = 2;
/** A press of Undo comes within seconds; a second look at last month's books within weeks. */
const REMOVED_DAYS = 30;

const SIDES = ['staff', 'contact'] as const;

/** @returns how many rows went */
export const purgeLeftovers =
	({ db }: { db: Db }) =>
	async (): Promise<number> => {
		const statements = [
			...SIDES.flatMap((side) => [
				sql`DELETE FROM ${sql.identifier(`${side}_verification`)} WHERE expires_at < now()`,
				sql`DELETE FROM ${sql.identifier(`${side}_rate_limit`)}
					WHERE last_request < (extract(epoch FROM now() - make_interval(hours => ${COUNTED_HOURS})) * 1000)::bigint`,
				sql`DELETE FROM ${sql.identifier(`${side}_session`)} s
					WHERE s.expires_at < now() - make_interval(days => ${SESSION_DAYS}) AND EXISTS (
						SELECT FROM ${sql.identifier(`${side}_session`)} n WHERE n.user_id = s.user_id AND n.updated_at > s.updated_at)`
			]),
			// A person's own go with their next ones; of whoever stops they would stay.
			sql`DELETE FROM alert_tally
				WHERE bucket < floor(extract(epoch FROM now() - make_interval(days => ${TALLIED_DAYS}::int)) * 1000 / ${BUCKET_MS}::float8)`,
			sql`DELETE FROM removed_record r WHERE r.removed_at < now() - make_interval(days => ${REMOVED_DAYS})
				AND NOT EXISTS (SELECT FROM client_hold h WHERE h.client_id = r.client_id)`
		];
		let gone = 0;
		// One after the other: this is housekeeping, and the connections are for people.
		for (const statement of statements) gone += (await db.execute(statement)).count;
		return gone;
	};
