// The one-time link by which the first Super Admin of an empty installation is made.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';

/** @returns the token of a fresh link, or null when there is an agency already; earlier unused links stop working */
export const createSetupLink =
	({ db, ids }: { db: Db; ids: Ids }) =>
	async (): Promise<string | null> => {
		const agencies = await db.execute(sql`SELECT FROM agency LIMIT 1`);
		if (agencies.length > 0) return null;
		const token = ids.secret();
		await db.transaction(async (tx) => {
			await tx.execute(sql`DELETE FROM setup_link WHERE used_at IS NULL`);
			await tx.execute(sql`INSERT INTO setup_link (token_hash) VALUES (${hashSecret(token)})`);
		});
		return token;
	};
