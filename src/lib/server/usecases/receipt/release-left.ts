// Lets go of held mails that nobody decided on: the time of their receipt is over, or they slipped past a forced end.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import { HOLD_HOURS } from '#domain/receipt.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { isHeld, mailJobs, releaseHeld } from './held-mails.ts';

type Row = { id: ImpersonationId; agency_id: AgencyId; client_id: ClientId; contact_id: ContactId };

type Dependencies = { act: Act; db: Db; onError(error: unknown): void };

/** What nobody will read need not be kept: the receipt shows to whom it would have gone and about what. */
const forgetCancelled = (db: Db) =>
	db.execute(sql`UPDATE mail SET body = '', link = NULL, link_label = NULL
		WHERE cancelled_at < clock_timestamp() - make_interval(hours => ${HOLD_HOURS}) AND body <> ''`);

/** May run as often as it likes: a mail goes once. @returns how many were let go */
export const releaseLeft =
	({ act, db, onError }: Dependencies) =>
	async (): Promise<number> => {
		const rows = await db.execute<Row>(sql`
			SELECT i.id, i.agency_id, i.client_id, i.contact_id FROM impersonation i
			WHERE i.id IN (SELECT m.held_for FROM mail m WHERE ${isHeld('m')})
				AND i.state = 'ended' AND (i.end_reason IS DISTINCT FROM 'switch_back'
					OR i.ended_at <= clock_timestamp() - make_interval(hours => ${HOLD_HOURS}))`);
		await forgetCancelled(db);
		let released = 0;
		for (const { id, agency_id: agencyId, client_id: clientId, contact_id: contactId } of rows) {
			const deed = { action: 'mail.released', clientId, contactId, impersonationId: id } as const;
			try {
				released += await act({ kind: 'system', agencyId }, deed, async (tx) => {
					const mails = await releaseHeld(tx, id);
					return {
						value: mails.length,
						subject: { type: 'impersonation', id, label: `${mails.length} held mails` },
						details: { mails: mails.length },
						outbox: mailJobs(mails)
					};
				});
			} catch (error) {
				// One account that cannot be written to must not keep the mails of all others.
				onError(error);
			}
		}
		return released;
	};
