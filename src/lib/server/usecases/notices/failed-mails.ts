// Mails that could not be sent, for the agency's admins: what went wrong, and another try.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import { countRows, type Counted } from '#server/db/count-rows.ts';
import type { Db } from '#server/db/types.ts';
import { bothWays, sortIn } from '../agency/orders-of-list.ts';
import { ms, PAGE_SIZE, requireReader } from '../agency/require-reader.ts';

export type FailedMail = {
	id: string;
	recipient: string;
	subject: string;
	failure: string;
	attempts: number;
	createdAt: number;
	failedAt: number;
};

const ORDERS = bothWays(
	{ failed: 'm.failed_at', to: 'm.recipient', subject: 'lower(m.subject)', tried: 'm.attempts' },
	'm.id'
);
/** The list's address. */
export const failedMailsView = z.object({
	sort: sortIn(ORDERS, '-failed'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1).default(1)
});
export type FailedMailsView = z.infer<typeof failedMailsView>;

/** @throws AppError `not_allowed` without `settings.manage` */
export const listFailedMails =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, { sort, page }: FailedMailsView): Promise<Counted & { rows: FailedMail[] }> => {
		await requireReader(db, actor, 'settings.manage');
		const where = sql`m.agency_id = ${actor.agencyId} AND m.sent_at IS NULL AND m.failed_at IS NOT NULL`;
		const [counted, rows] = await Promise.all([
			countRows(db, sql`FROM mail m WHERE ${where}`),
			db.execute<FailedMail>(sql`
				SELECT m.id, m.recipient, m.subject, coalesce(m.failure, '') AS failure, m.attempts,
					${ms('m.created_at')} AS "createdAt", ${ms('m.failed_at')} AS "failedAt"
				FROM mail m WHERE ${where} ORDER BY ${ORDERS[sort]}
				LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`)
		]);
		return { rows: [...rows], ...counted };
	};

/** @throws AppError `not_found` for another agency's mail and one that was sent meanwhile; the gate's refusals */
export const retryMail =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, mailId: string, origin: Origin): Promise<void> => {
		if (!isUuid(mailId)) throw new AppError('not_found', 'There is no such mail.');
		await act(
			actor,
			{ action: 'mail.retried', subject: { type: 'mail', id: mailId }, origin },
			async (tx) => {
				const [row] = await tx.execute<{ subject: string }>(sql`
				UPDATE mail SET claimed_until = NULL WHERE id = ${mailId} AND agency_id = ${actor.agencyId}
					AND sent_at IS NULL RETURNING subject`);
				if (!row) throw new AppError('not_found', 'This mail was sent meanwhile, or there is none.');
				return {
					value: undefined,
					subject: { type: 'mail', id: mailId, label: row.subject },
					outbox: [{ kind: 'job', job: { name: 'mail.send', data: { mailId } } }]
				};
			}
		);
	};
