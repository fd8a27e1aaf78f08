// A hub's sign of life in the rows, by the database's clock: the watches of hubs without one are nobody's.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';

/** Notes that the hub lives, or that it ended in order. `wasKnown`: its last sign of life was still there. */
export const noteHub =
	({ db }: { db: Db }) =>
	async ({ hubId, isAlive }: { hubId: string; isAlive: boolean }): Promise<{ wasKnown: boolean }> => {
		const [row] = isAlive
			? await db.execute<{ known: boolean }>(sql`
				INSERT INTO hub (id) VALUES (${hubId})
				ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp() RETURNING xmax <> 0 AS known`)
			: await db.execute<{ known: boolean }>(
					sql`DELETE FROM hub WHERE id = ${hubId} RETURNING true AS known`
				);
		return { wasKnown: row?.known ?? false };
	};
