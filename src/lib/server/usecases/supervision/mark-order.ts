// Which page the holder of control gave an order to last, by the database's clock: the gate names them only with it. No action: the
// orders themselves are (note-orders.ts).
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';

/** How long ago it was given, so that no clock but the database's is compared. */
export type MarkedOrder = { pageId: string; msAgo: number };

/** `order` null: the last one was not done, and none before it counts. */
export const markOrder =
	({ db }: { db: Db }) =>
	async (id: string, order: MarkedOrder | null): Promise<void> => {
		// Attack: an order that was under way when control was taken back must not count again.
		await db.execute(sql`UPDATE control SET ordered_page = ${order?.pageId ?? null}::uuid,
			ordered_at = clock_timestamp() - make_interval(secs => ${order ? order.msAgo / 1_000 : null}::float8)
			WHERE id = ${id} AND state = 'held'`);
	};
