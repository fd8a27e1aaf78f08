// Removes recordings past their retention. Views and the action log stay: they prove what happened without pictures.
import { sql } from 'drizzle-orm';
import type { PageId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';

/** Pages one run removes, so that the first run after a long pause does not hold the log for minutes. */
const RUN = 5_000;

/** @returns how many pages lost their recording now */
export const expireRecordings =
	({ db, liveLog, days }: { db: Db; liveLog: LiveLog; days: number }) =>
	async (): Promise<number> => {
		const due = await db.execute<{ id: PageId }>(sql`
			SELECT g.id FROM page g JOIN impersonation i ON i.id = g.impersonation_id
			WHERE i.state = 'ended' AND g.removed_at IS NULL AND i.ended_at < now() - make_interval(days => ${days}::int)
			LIMIT ${RUN}`);
		for (const { id } of due) {
			await liveLog.remove(id);
			// Marked afterwards: removing twice is harmless, forgetting to remove is not.
			await db.execute(sql`UPDATE page SET removed_at = clock_timestamp() WHERE id = ${id}`);
		}
		return due.length;
	};
