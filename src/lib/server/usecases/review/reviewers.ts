// Who of an agency may review: holders of the permission who are active. Whom else one could assign or mention there is nobody.
import { sql } from 'drizzle-orm';
import { effectivePermissions } from '#domain/permissions.ts';
import type { Reader } from '#server/db/types.ts';

export type Reviewer = { id: string; name: string };

type Row = Reviewer & { role: string[]; granted: string[]; withdrawn: string[] };

/** By name. */
export async function readReviewers(reader: Reader, agencyId: string): Promise<Reviewer[]> {
	const rows = await reader.execute<Row>(sql`
		SELECT s.id, s.name, r.permissions AS role, s.granted, s.withdrawn FROM staff s JOIN role r ON r.id = s.role_id
		WHERE s.agency_id = ${agencyId} AND s.active ORDER BY lower(s.name), s.id`);
	return rows
		.filter(({ role, granted, withdrawn }) => effectivePermissions(role, granted, withdrawn).has('review'))
		.map(({ id, name }) => ({ id, name }));
}
