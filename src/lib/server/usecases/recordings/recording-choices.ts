// Whom recordings can be narrowed to: clients that staff were inside, and staff who were.
import { sql } from 'drizzle-orm';
import type { Reader } from '#server/db/types.ts';

export type Choice = { id: string; name: string };

/** A select with more choices than this helps nobody. */
const MAX_CHOICES = 500;

/** Clients that staff were inside, by name. */
export async function clientChoices(reader: Reader, agencyId: string): Promise<Choice[]> {
	const rows = await reader.execute<Choice>(sql`
		SELECT o.id, o.name FROM client o WHERE o.agency_id = ${agencyId}
			AND EXISTS (SELECT FROM client_visit v WHERE v.client_id = o.id)
		ORDER BY lower(o.name), o.id LIMIT ${sql.raw(String(MAX_CHOICES))}`);
	return [...rows];
}

/** Staff members who were inside, by name. */
export async function staffChoices(reader: Reader, agencyId: string): Promise<Choice[]> {
	const rows = await reader.execute<Choice>(sql`
		SELECT o.id, o.name FROM staff o WHERE o.agency_id = ${agencyId}
			AND (SELECT true FROM impersonation i WHERE i.staff_id = o.id AND i.state <> 'pending' LIMIT 1)
		ORDER BY o.name, o.id LIMIT ${sql.raw(String(MAX_CHOICES))}`);
	return [...rows];
}
