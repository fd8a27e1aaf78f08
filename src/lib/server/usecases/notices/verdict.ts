// What became of what staff prepared, told to whoever prepared it. They stand in the row of what the client approved, as
// somebody who took part, and so would be left out as its doer.
import { sql } from 'drizzle-orm';
import { isVerdict, noticeWish, type NoticeSetup, type NoticeWish } from '#domain/notices.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import type { Tx } from '#server/db/types.ts';
import type { Told } from './read-told.ts';

export type Preparer = { id: string; email: string; wish: NoticeWish };

type Row = {
	id: string;
	email: string;
	notice_setup: NoticeSetup;
	role: string[];
	granted: string[];
	withdrawn: string[];
};

/** The draft is named by the row of its end, or by what was approved. */
const draftOf = ({ details, subjectId }: Told): unknown =>
	(details['approved'] as { draftId?: unknown } | undefined)?.draftId ?? subjectId;

/** Whoever prepared what was decided by this action, while they may still read of the client; else null. */
export async function preparerOf(tx: Tx, told: Told): Promise<Preparer | null> {
	if (!isVerdict(told.action, told.details['approved'] !== undefined)) return null;
	const [row] = await tx.execute<Row>(sql`
		SELECT s.id, s.email, s.notice_setup, r.permissions AS role, s.granted, s.withdrawn
		FROM draft d JOIN staff s ON s.id = d.prepared_by AND s.agency_id = d.agency_id JOIN role r ON r.id = s.role_id
		WHERE d.id = ${draftOf(told)} AND d.agency_id = ${told.agencyId} AND d.client_id = ${told.clientId} AND s.active`);
	if (!row || !effectivePermissions(row.role, row.granted, row.withdrawn).has('clients.read')) return null;
	return { id: row.id, email: row.email, wish: noticeWish('access', row.notice_setup, told.agencyNotices) };
}
