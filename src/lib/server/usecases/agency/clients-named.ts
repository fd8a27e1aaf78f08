// Clients by a piece of their name, found before the rows that are theirs: only then can the index over what else is searched and the one
// over clients be used together.
import { sql, type SQL } from 'drizzle-orm';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import type { Reader } from '#server/db/types.ts';

/** A name that more clients have is no way to find what is theirs. */
const MAX_FOUND_CLIENTS = 100;

/** Their ids as an array in SQL. */
export async function clientsNamed(db: Reader, agencyId: string, pattern: string): Promise<SQL> {
	const found = await db.execute<{ id: string }>(sql`SELECT ${sql.raw(PLANNED_ANEW)} k.id FROM client k
		WHERE k.agency_id = ${agencyId} AND k.name ILIKE ${pattern} LIMIT ${MAX_FOUND_CLIENTS}`);
	const ids = JSON.stringify(found.map(({ id }) => id));
	return sql`ARRAY(SELECT jsonb_array_elements_text(${ids}::text::jsonb)::uuid)`;
}
