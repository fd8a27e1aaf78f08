// Mails that were erased: what the mailer keeps of each is removed, then the empty row that named it.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import type { Mailer } from '#server/ports/mailer.ts';
import { messageIdOf } from '../notices/message-id.ts';

/** One run's share; the next one goes on. */
const AT_ONCE = 1_000;

/** @returns how many went; twice is once */
export const forgetMails =
	({ db, mailer, portalOrigin }: { db: Db; mailer: Mailer; portalOrigin: string }) =>
	async (): Promise<number> => {
		// One that is being sent right now keeps its row until the next run.
		const rows = await db.execute<{ id: string }>(sql`
			SELECT id FROM mail WHERE about = 'erased ' || id AND recipient = ''
				AND (claimed_until IS NULL OR claimed_until < clock_timestamp()) ORDER BY id LIMIT ${AT_ONCE}`);
		for (const { id } of rows) {
			await mailer.forget(messageIdOf(id, portalOrigin));
			await db.execute(sql`DELETE FROM mail WHERE id = ${id} AND recipient = ''`);
		}
		return rows.length;
	};
