// The job that sends a mail, as a row of the same transaction as the mail.
import { sql } from 'drizzle-orm';
import type { OutboxItem } from '#server/db/outbox.ts';
import type { Tx } from '#server/db/types.ts';

/** Queues mails that are rows already. */
export async function queueMails(tx: Tx, mailIds: readonly string[]): Promise<void> {
	if (mailIds.length === 0) return;
	const items = mailIds.map((mailId): OutboxItem => ({
		kind: 'job',
		job: { name: 'mail.send', data: { mailId } }
	}));
	await tx.execute(sql`INSERT INTO outbox (kind, payload)
		SELECT 'job', item FROM jsonb_array_elements(${JSON.stringify(items)}::text::jsonb) AS item`);
}
