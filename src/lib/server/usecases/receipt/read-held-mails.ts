// The mails that one impersonation caused and that waited for its receipt, with what became of each.
import { sql } from 'drizzle-orm';
import type { Reader } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { isHeld } from './held-mails.ts';
import type { Head } from './receipt-head.ts';

/** Far above what a person causes in an hour. */
const MAX_MAILS = 200;

export type HeldMail = {
	id: string;
	at: number;
	recipient: string;
	subject: string;
	/** Empty once it was cancelled and the time to send it after all is over. */
	body: string;
	/** `sent`: let go, on its way or there. */
	state: 'held' | 'sent' | 'cancelled';
};

/** Oldest first. */
export async function readHeldMails(reader: Reader, { id }: Head): Promise<HeldMail[]> {
	const rows = await reader.execute<HeldMail>(sql`
		SELECT m.id, ${ms('m.created_at')} AS at, m.recipient, m.subject, m.body, CASE WHEN ${isHeld('m')} THEN 'held'
			WHEN m.cancelled_at IS NOT NULL THEN 'cancelled' ELSE 'sent' END AS state
		FROM mail m WHERE m.held_for = ${id} ORDER BY m.created_at, m.id LIMIT ${MAX_MAILS}`);
	return [...rows];
}
