// Mails that wait for a receipt. Held are those that something inside an impersonation caused; what tells the client of the
// access itself never is (notices/recipients.ts). Nothing is lost: a forced end lets all of them go in the same
// transaction, and the job lets go of what nobody decided on.
import { sql } from 'drizzle-orm';
import type { ImpersonationId } from '#domain/ids.ts';
import { HOLD_HOURS } from '#domain/receipt.ts';
import type { OutboxItem } from '#server/db/outbox.ts';
import type { Tx } from '#server/db/types.ts';

/** SQL: this mail waits for its receipt. */
export const isHeld = (alias: string) =>
	sql.raw(
		`${alias}.held_for IS NOT NULL AND ${alias}.released_at IS NULL AND ${alias}.cancelled_at IS NULL AND ${alias}.sent_at IS NULL`
	);

export const mailJobs = (mailIds: readonly string[]): OutboxItem[] =>
	mailIds.map((mailId) => ({ kind: 'job', job: { name: 'mail.send', data: { mailId } } }));

/** Lets all mails of an impersonation go. @returns their ids, for the jobs that send them */
export async function releaseHeld(tx: Tx, impersonationId: ImpersonationId): Promise<string[]> {
	const rows = await tx.execute<{ id: string }>(sql`
		UPDATE mail m SET released_at = clock_timestamp() WHERE m.held_for = ${impersonationId} AND ${isHeld('m')} RETURNING m.id`);
	return rows.map(({ id }) => id);
}

/**
 * Whether a mail of this impersonation waits: while it runs, and after Switch Back for as long as its receipt decides. Its
 * row is held, so that an end either sees the mail that is made now, or is seen here.
 */
export async function holdsMail(tx: Tx, impersonationId: string): Promise<boolean> {
	const [row] = await tx.execute<{ holds: boolean }>(sql`
		SELECT state = 'active' OR (end_reason = 'switch_back'
			AND ended_at > clock_timestamp() - make_interval(hours => ${HOLD_HOURS})) AS holds
		FROM impersonation WHERE id = ${impersonationId} FOR SHARE`);
	return row?.holds === true;
}
