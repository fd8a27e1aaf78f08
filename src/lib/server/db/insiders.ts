// Who was inside an impersonation: the one it is of, and everybody who ever had control of it. What keeps its own doer's hands off the
// evidence asks here, whatever it guards.
import { sql, type SQL } from 'drizzle-orm';
import type { Reader } from './types.ts';

/**
 * Over an `impersonation i`. Attack: a moderator does harm by control, then judges the recording, erases it or sees to the alert, as
 * somebody who was never there.
 */
export const wasInside = (
	staffId: string
): SQL => sql`(i.staff_id = ${staffId} OR EXISTS (SELECT FROM control_holder h
	WHERE h.impersonation_id = i.id AND h.staff_id = ${staffId}))`;

/** Staff ids; none of no impersonation. */
export async function insidersOf(
	reader: Reader,
	impersonationId: string | null
): Promise<ReadonlySet<string>> {
	const rows = await reader.execute<{ id: string }>(sql`
		SELECT staff_id AS id FROM impersonation WHERE id = ${impersonationId}::uuid
		UNION SELECT staff_id FROM control_holder WHERE impersonation_id = ${impersonationId}::uuid`);
	return new Set(rows.map(({ id }) => id));
}
