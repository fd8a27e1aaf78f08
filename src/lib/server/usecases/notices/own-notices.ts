// A person's own notices: the list, how many are unread, and marking them. Marks are the person's alone: looking while
// impersonating moves none.
import { sql, type SQL } from 'drizzle-orm';
import type { PortalActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import { NOTICE_CATEGORIES, NOTICE_ELEMENTS, type NoticeCategory } from '#domain/notices.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import { readPortalView } from '#server/db/standing.ts';
import type { Db, Reader } from '#server/db/types.ts';
import { epochMs, PAGE_SIZE } from '../portal/scope.ts';

export type NoticeActor = PortalActor | StaffActor;
export type NoticeRow = {
	id: string;
	category: NoticeCategory;
	title: string;
	body: string;
	href: string;
	createdAt: number;
	unread: boolean;
};

/** A badge says "99+" from here on; nobody counts further, and neither does the database. */
export const MAX_COUNTED = 100;

export const NOTICE_SORTS = ['-when', 'when', 'about', '-about'] as const;
export type NoticeSort = (typeof NOTICE_SORTS)[number];

/** Within one category the newest comes first, whichever way the categories go. */
const ORDER: Record<NoticeSort, SQL> = {
	'-when': sql`n.created_at DESC, n.id`,
	when: sql`n.created_at, n.id DESC`,
	about: sql`n.category, n.created_at DESC, n.id`,
	'-about': sql`n.category DESC, n.created_at DESC, n.id`
};

const seenCategories = (view: PortalView): string[] =>
	(Object.keys(NOTICE_CATEGORIES) as NoticeCategory[]).filter((category) =>
		NOTICE_ELEMENTS[category].some((element) => may(element, view, 'see'))
	);

/** Rows of this person; for a contact only of what they still may see: a right that was taken back takes old news along. */
async function ownNotices(reader: Reader, actor: NoticeActor) {
	if (actor.kind === 'staff') return sql`n.staff_id = ${actor.staffId} AND n.agency_id = ${actor.agencyId}`;
	const view = await readPortalView(reader, actor);
	if (!view) throw new AppError('not_found', 'There is no such page.');
	return sql`n.contact_id = ${actor.contactId} AND n.agency_id = ${actor.agencyId}
		AND n.category = ANY(ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(seenCategories(view))}::jsonb)))`;
}

/** @throws AppError `not_found` when the account is not active */
export const listNotices =
	({ db }: { db: Db }) =>
	async (
		actor: NoticeActor,
		{ page, unread, sort = '-when' }: { page: number; unread: boolean; sort?: NoticeSort }
	): Promise<{ rows: NoticeRow[]; total: number }> => {
		const own = await ownNotices(db, actor);
		const where = unread ? sql`${own} AND n.read_at IS NULL` : own;
		const [[total], rows] = await Promise.all([
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM notice n WHERE ${where}`),
			db.execute<Omit<NoticeRow, 'createdAt'> & { createdAt: string }>(sql`
				SELECT n.id, n.category, n.title, n.body, n.href, ${epochMs('n.created_at')} AS "createdAt",
					n.read_at IS NULL AS unread
				FROM notice n WHERE ${where} ORDER BY ${ORDER[sort]}
				LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`)
		]);
		return { total: total?.n ?? 0, rows: rows.map((row) => ({ ...row, createdAt: Number(row.createdAt) })) };
	};

/** How many are unread, up to `MAX_COUNTED`; 0 when nothing may be seen. */
export const countNotices =
	({ db }: { db: Db }) =>
	async (actor: NoticeActor, view?: PortalView): Promise<number> => {
		const categories = view ? seenCategories(view) : Object.keys(NOTICE_CATEGORIES);
		const person =
			actor.kind === 'staff' ? sql`n.staff_id = ${actor.staffId}` : sql`n.contact_id = ${actor.contactId}`;
		const [row] = await db.execute<{ n: number }>(sql`
			SELECT count(*)::int AS n FROM (SELECT FROM notice n WHERE ${person} AND n.agency_id = ${actor.agencyId}
				AND n.read_at IS NULL
				AND n.category = ANY(ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(categories)}::jsonb)))
				LIMIT ${MAX_COUNTED}) unread`);
		return row?.n ?? 0;
	};

/**
 * Marks one notice, or all, as read and says where the one leads.
 * @throws AppError `forbidden` for marking all while impersonating; one is opened then, and stays unread
 */
export const readNotices =
	({ db }: { db: Db }) =>
	async (actor: NoticeActor, noticeId: string | 'all'): Promise<string | null> => {
		const own = await ownNotices(db, actor);
		const isInside = actor.kind === 'impersonation';
		if (noticeId === 'all') {
			if (isInside)
				throw new AppError('forbidden', 'Only the client marks their notices as read. Nothing was changed.');
			await db.execute(
				sql`UPDATE notice n SET read_at = clock_timestamp() WHERE ${own} AND n.read_at IS NULL`
			);
			return null;
		}
		if (!isUuid(noticeId)) throw new AppError('not_found', 'There is no such notice.');
		const [found] = await db.execute<{ href: string }>(
			sql`SELECT n.href FROM notice n WHERE n.id = ${noticeId} AND ${own}`
		);
		if (!found) throw new AppError('not_found', 'There is no such notice.');
		if (!isInside)
			await db.execute(sql`UPDATE notice n SET read_at = clock_timestamp()
				WHERE n.id = ${noticeId} AND ${own} AND n.read_at IS NULL`);
		return found.href;
	};
