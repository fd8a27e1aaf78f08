// Whose portal the sign-in page belongs to, known before anybody is.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';

/** The agency's name where the installation serves one; with several, null: their names are nobody's business. */
export const readBrand =
	({ db }: { db: Db }) =>
	async (): Promise<string | null> => {
		const rows = await db.execute<{ name: string }>(sql`SELECT name FROM agency ORDER BY created_at LIMIT 2`);
		return rows.length === 1 ? (rows[0]?.name ?? null) : null;
	};
