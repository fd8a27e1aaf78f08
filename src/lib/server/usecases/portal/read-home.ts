// The first page: what waits on the client, what the agency announces, what happened lately. Each part only where the
// client and the contact see what it is about.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { AnnouncementId } from '#domain/ids.ts';
import type { AreaKey } from '#domain/portal-elements.ts';
import { may } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import type { InvoiceRow } from '../billing/invoice-rows.ts';
import {
	readOpenOrders,
	readUnpaid,
	readWaiting,
	type OpenOrder,
	type Some,
	type WaitingTask
} from './home-needs.ts';
import { readNews, type News } from './home-news.ts';
import { epochMs, requireArea } from './scope.ts';

export type Announcement = { id: AnnouncementId; title: string; body: string; at: number };
export type Home = {
	/** Null where the client or the contact does not see the area. */
	waiting: Some<WaitingTask> | null;
	unpaid: Some<InvoiceRow> | null;
	orders: Some<OpenOrder> | null;
	announcements: Announcement[] | null;
	/** There are older ones, on the next page of them. */
	earlierAnnouncements: boolean;
	news: News[];
	/** Whether news is all that happened, or only who was in. */
	showsActivity: boolean;
};

/** How many stand there at once: more would push down what waits on the reader. Older ones are a page further. */
const ANNOUNCED = 3;

async function readAnnouncements(db: Db, actor: PortalActor, page: number): Promise<Announcement[]> {
	const rows = await db.execute<Omit<Announcement, 'at'> & { at: string }>(sql`
		SELECT n.id, n.title, n.body, ${epochMs('n.visible_from')} AS at FROM announcement n
		WHERE n.agency_id = ${actor.agencyId} AND n.removed_at IS NULL AND n.visible_from <= now()
			AND (n.visible_until IS NULL OR n.visible_until > now())
			AND (n.client_id IS NULL OR n.client_id = ${actor.clientId})
		ORDER BY n.visible_from DESC, n.id LIMIT ${ANNOUNCED + 1} OFFSET ${(page - 1) * ANNOUNCED}`);
	return rows.map((row) => ({ ...row, at: Number(row.at) }));
}

/** @throws AppError `not_found` when the account is not active */
export const readHome =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, announcementsPage = 1): Promise<Home> => {
		const view = await requireArea(db, actor, 'home');
		const sees = (area: AreaKey) => may(area, view, 'see');
		const [waiting, unpaid, orders, announcements, news] = await Promise.all([
			sees('tasks') ? readWaiting(db, actor, { due: may('tasks.due_date', view, 'see') }) : null,
			sees('invoices') ? readUnpaid(db, actor) : null,
			sees('orders') ? readOpenOrders(db, actor) : null,
			may('home.announcements', view, 'see') ? readAnnouncements(db, actor, announcementsPage) : null,
			readNews(db, actor, view)
		]);
		return {
			waiting,
			unpaid,
			orders,
			announcements: announcements?.slice(0, ANNOUNCED) ?? null,
			earlierAnnouncements: (announcements?.length ?? 0) > ANNOUNCED,
			news,
			showsActivity: may('home.activity', view, 'see')
		};
	};
