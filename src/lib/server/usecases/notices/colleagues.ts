// Colleagues whom an action names: mentioned in a comment, answered, or given a review. Read anew when they are told: whoever
// may no longer review, or left, hears nothing of a recording.
import { sql } from 'drizzle-orm';
import { noticeWish, type NoticeSetup, type NoticeWish } from '#domain/notices.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import type { Tx } from '#server/db/types.ts';
import type { Told } from './read-told.ts';

export type Colleague = { id: string; email: string; wish: NoticeWish };

type Row = {
	id: string;
	email: string;
	notice_setup: NoticeSetup;
	role: string[];
	granted: string[];
	withdrawn: string[];
};

export async function colleaguesOf(tx: Tx, told: Told): Promise<Colleague[]> {
	const named: unknown = told.details['tell'];
	if (!Array.isArray(named) || named.length === 0) return [];
	const rows = await tx.execute<Row>(sql`
		SELECT s.id, s.email, s.notice_setup, r.permissions AS role, s.granted, s.withdrawn
		FROM staff s JOIN role r ON r.id = s.role_id WHERE s.agency_id = ${told.agencyId} AND s.active
			AND s.id::text IN (SELECT jsonb_array_elements_text(${JSON.stringify(named)}::text::jsonb))`);
	return rows
		.filter(({ id }) => id !== told.staffId)
		.filter(({ role, granted, withdrawn }) => effectivePermissions(role, granted, withdrawn).has('review'))
		.map(({ id, email, notice_setup: own }) => ({
			id,
			email,
			wish: noticeWish('messages', own, told.agencyNotices)
		}));
}
