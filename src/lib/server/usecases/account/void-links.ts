// A link by mail stands for its person. It must not outlive what makes it one too many: a password chosen since, or an
// address that is theirs no longer.
import { sql } from 'drizzle-orm';
import type { Tx } from '#server/db/types.ts';
import type { Side } from '#server/sign-in/auth.ts';
import { tableOf } from './own-account.ts';

/** Ends every open invitation of a person, and every link that would choose a new password for them. */
export async function voidLinks(tx: Tx, { side, id }: { side: Side; id: string }): Promise<void> {
	await tx.execute(sql`DELETE FROM ${tableOf(side, 'verification')}
		WHERE identifier LIKE 'reset:%' AND value = ${id}`);
	const person = sql.identifier(side === 'agency' ? 'staff_id' : 'contact_id');
	await tx.execute(sql`UPDATE invitation SET expires_at = clock_timestamp()
		WHERE ${person} = ${id} AND used_at IS NULL AND expires_at > clock_timestamp()`);
}
