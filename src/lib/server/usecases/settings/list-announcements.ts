// The agency's announcements, newest first, and one of them to edit.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AnnouncementId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { bothWays, sortIn } from '../agency/orders-of-list.ts';
import { PAGE_SIZE, requireReader } from '../agency/require-reader.ts';
import { requireId } from '../portal/scope.ts';

export type AnnouncementState = 'planned' | 'shown' | 'over';
export type AnnouncementRow = {
	id: AnnouncementId;
	title: string;
	body: string;
	client: string | null;
	from: string;
	until: string | null;
	by: string | null;
	state: AnnouncementState;
};

/** Days as they were chosen: the last one is the day before the moment it ends. */
const COLUMNS = sql`n.id, n.title, n.body, c.name AS client, s.name AS by,
	to_char(n.visible_from AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "from",
	to_char((n.visible_until AT TIME ZONE 'UTC')::date - 1, 'YYYY-MM-DD') AS until,
	CASE WHEN n.visible_from > now() THEN 'planned' WHEN n.visible_until <= now() THEN 'over' ELSE 'shown' END AS state`;
const FROM = sql`announcement n LEFT JOIN client c ON c.id = n.client_id LEFT JOIN staff s ON s.id = n.made_by_staff_id`;

const ORDERS = bothWays(
	{
		from: 'n.visible_from',
		until: 'n.visible_until',
		title: 'lower(n.title)',
		client: "coalesce(lower(c.name), '')",
		by: "coalesce(lower(s.name), '')"
	},
	'n.id'
);
/** The list's address. */
export const announcementsView = z.object({
	sort: sortIn(ORDERS, '-from'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1).default(1)
});
export type AnnouncementsView = z.infer<typeof announcementsView>;

/** @throws AppError `not_allowed` without `settings.manage` */
export const listAnnouncements =
	({ db }: { db: Db }) =>
	async (
		actor: StaffActor,
		{ sort, page }: AnnouncementsView
	): Promise<{ rows: AnnouncementRow[]; total: number }> => {
		await requireReader(db, actor, 'settings.manage');
		const own = sql`n.agency_id = ${actor.agencyId} AND n.removed_at IS NULL`;
		const [rows, [count]] = await Promise.all([
			db.execute<AnnouncementRow>(sql`SELECT ${COLUMNS} FROM ${FROM} WHERE ${own}
				ORDER BY ${ORDERS[sort]} LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM announcement n WHERE ${own}`)
		]);
		return { rows: [...rows], total: count?.n ?? 0 };
	};

/** How many names the form offers; others are typed whole. */
const OFFERED = 500;

/** @throws AppError `not_allowed`, `not_found` for another agency's too */
export const readAnnouncement =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, given: string): Promise<AnnouncementRow> => {
		await requireReader(db, actor, 'settings.manage');
		const id = requireId<AnnouncementId>(given, 'announcement');
		const [row] = await db.execute<AnnouncementRow>(sql`SELECT ${COLUMNS} FROM ${FROM}
			WHERE n.id = ${id} AND n.agency_id = ${actor.agencyId} AND n.removed_at IS NULL`);
		if (!row) throw new AppError('not_found', 'There is no such announcement.');
		return row;
	};

/** Names of clients to choose from. @throws AppError `not_allowed` without `settings.manage` */
export const listClientNames =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<string[]> => {
		await requireReader(db, actor, 'settings.manage');
		const rows = await db.execute<{ name: string }>(sql`SELECT name FROM client
			WHERE agency_id = ${actor.agencyId} AND status = 'active' ORDER BY name LIMIT ${OFFERED}`);
		return rows.map((row) => row.name);
	};
