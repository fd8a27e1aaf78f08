// Mails that no job holds any more: their tries ran out while the relay was away, or the job was lost.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import { queueMails } from './queue-mails.ts';

/** Past it, news is history: an admin still finds the mail among the failed ones and may send it. */
const GIVE_UP_DAYS = 3;
/** A job's own tries take about five minutes. */
const QUIET_MINUTES = 15;
const AT_ONCE = 500;

/** @returns how many were queued again */
export const resendWaiting =
	({ db }: { db: Db }) =>
	(): Promise<number> =>
		db.transaction(async (tx) => {
			const rows = await tx.execute<{ id: string }>(sql`
				SELECT id FROM mail WHERE sent_at IS NULL AND cancelled_at IS NULL
					AND (held_for IS NULL OR released_at IS NOT NULL)
					AND created_at > now() - make_interval(days => ${GIVE_UP_DAYS})
					AND GREATEST(created_at, released_at, failed_at, claimed_until) < now() - make_interval(mins => ${QUIET_MINUTES})
				ORDER BY created_at LIMIT ${AT_ONCE}`);
			await queueMails(
				tx,
				rows.map(({ id }) => id)
			);
			return rows.length;
		});
