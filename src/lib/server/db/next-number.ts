// Running numbers without holes: taken in the transaction that uses them, so that a change that fails gives its number back.
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import type { Tx } from './types.ts';

const DIGITS = 5;

/**
 * The agency's next number under this prefix, such as "INV-00042". The counter's row is held until the transaction ends,
 * and always before the chain's head, so no two changes wait for each other.
 */
export async function nextNumber(tx: Tx, agencyId: AgencyId, prefix: 'INV' | 'ORD'): Promise<string> {
	const [row] = await tx.execute<{ value: string }>(sql`
		INSERT INTO counter (agency_id, name, value) VALUES (${agencyId}, ${prefix}, 1)
		ON CONFLICT (agency_id, name) DO UPDATE SET value = counter.value + 1 RETURNING value::text`);
	return `${prefix}-${(row?.value ?? '0').padStart(DIGITS, '0')}`;
}
