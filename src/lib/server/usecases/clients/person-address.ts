// Whether an address is free to invite. One sentence for every reason: which agencies and clients use an address is
// nobody else's business.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { AgencyId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';

/** Said alike whether a colleague, a contact or somebody of another agency has the address. */
const TAKEN = 'Nobody can be invited at this address. Check it, or use another one.';

/** An address that names a person already: of that side anywhere, or of this agency on the other side. */
export async function requireFreeAddress(
	tx: Tx,
	agencyId: AgencyId,
	{
		side,
		email,
		field = 'email'
	}: { side: 'staff' | 'contact'; email: string; /** Of the form, to mark it. */ field?: string }
): Promise<void> {
	// Two invitations to one address at once: the second waits here and then finds the first.
	await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext(${`switchback.address.${email}`}))`);
	const taken = await tx.execute(sql`
		SELECT FROM staff WHERE email = ${email} ${side === 'contact' ? sql`AND agency_id = ${agencyId}` : sql``}
		UNION ALL
		SELECT FROM contact WHERE email = ${email} ${side === 'staff' ? sql`AND agency_id = ${agencyId}` : sql``}`);
	if (taken.length > 0) throw new AppError('conflict', TAKEN, { field });
}

/** The inviter's name, as the mail says it. */
export async function inviterName(tx: Tx, staffId: string): Promise<string> {
	const [row] = await tx.execute<{ name: string }>(sql`SELECT name FROM staff WHERE id = ${staffId}`);
	return row?.name ?? 'Your agency';
}
