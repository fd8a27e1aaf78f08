// Conversations, a page at a time, newest first unless asked otherwise: a client's own in the portal, all clients' for staff.
import { sql, type SQL } from 'drizzle-orm';
import type { ClientId, ThreadId } from '#domain/ids.ts';
import { isUuid } from '#domain/ids.ts';
import { countRows, type Counted } from '#server/db/count-rows.ts';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import type { Db } from '#server/db/types.ts';
import { clientsNamed } from '../agency/clients-named.ts';
import { inPortal, type EitherActor } from '../portal/either-side.ts';
import { epochMs, likePattern, makerOf, PAGE_SIZE, type Maker } from '../portal/scope.ts';
import { isUnread, reachedThreads } from './reach.ts';

export const THREAD_SORTS = ['-when', 'when', 'subject', '-subject'] as const;
export type ThreadSort = (typeof THREAD_SORTS)[number];

const ORDER: Record<ThreadSort, SQL> = {
	'-when': sql`t.last_message_at DESC, t.id`,
	when: sql`t.last_message_at, t.id DESC`,
	subject: sql`lower(t.subject), t.id`,
	'-subject': sql`lower(t.subject) DESC, t.id DESC`
};

export type ThreadFilter = {
	q: string;
	unread: boolean;
	/** Staff only: of one client. */
	clientId: string | null;
	sort?: ThreadSort;
	/** Counted from 1. */
	page: number;
};

export type ThreadRow = {
	id: ThreadId;
	subject: string;
	client: { id: ClientId; name: string };
	isOrder: boolean;
	messages: number;
	lastAt: number;
	/** Of the last message; its first line only. */
	lastLine: string;
	lastMaker: Maker;
	unread: boolean;
};

export type ThreadList = Counted & { rows: ThreadRow[] };

/** Each unread one is looked up in its messages; who has more does not count them. */
const MAX_UNREAD = 200;

/** How much of the last message a list shows. */
const LINE_CHARS = 140;

type Row = Omit<ThreadRow, 'lastAt'> & { lastAt: string };

/** The words of all clients' messages are not searched through for staff: that would read the whole table. */
async function matching(db: Db, actor: EitherActor, pattern: string): Promise<SQL> {
	const elsewhere = inPortal(actor)
		? sql`EXISTS (SELECT FROM message b WHERE b.thread_id = t.id AND b.body ILIKE ${pattern})`
		: sql`t.client_id = ANY (${await clientsNamed(db, actor.agencyId, pattern)})`;
	return sql`(t.subject ILIKE ${pattern} OR ${elsewhere})`;
}

/** @throws AppError `not_found`, `not_allowed` (see `reachedThreads`) */
export const listThreads =
	({ db }: { db: Db }) =>
	async (actor: EitherActor, filter: ThreadFilter): Promise<ThreadList> => {
		const reached = await reachedThreads(db, actor);
		const search = filter.q ? likePattern(filter.q) : null;
		const ofClient = filter.clientId && isUuid(filter.clientId) ? filter.clientId : null;
		// Only what is asked for stands in the statement, so that an index fits it.
		const where = sql.join(
			[
				reached,
				ofClient && sql`t.client_id = ${ofClient}`,
				filter.unread && isUnread(actor),
				search && (await matching(db, actor, search))
			].filter((part): part is SQL => typeof part === 'object' && part !== null),
			sql` AND `
		);
		const planned = sql.raw(search ? PLANNED_ANEW : '');
		// What is unread is recent, so counting newest first stops early; what was searched is found by its index, in no order.
		const newest = search && !filter.unread ? sql`` : sql`ORDER BY ${ORDER['-when']}`;
		const [counted, rows] = await Promise.all([
			countRows(
				db,
				sql`${planned} FROM thread t WHERE ${where} ${newest}`,
				filter.unread ? MAX_UNREAD : undefined
			),
			db.execute<Row>(sql`
				SELECT ${planned} t.id, t.subject, json_build_object('id', c.id, 'name', c.name) AS client,
					t.order_id IS NOT NULL AS "isOrder", ${epochMs('t.last_message_at')} AS "lastAt",
					(SELECT count(*)::int FROM message n WHERE n.thread_id = t.id) AS messages,
					coalesce(left(split_part(l.body, E'\n', 1), ${LINE_CHARS}), '') AS "lastLine",
					${makerOf('l')} AS "lastMaker", ${isUnread(actor)} AS unread
				FROM thread t JOIN client c ON c.id = t.client_id
				LEFT JOIN LATERAL (SELECT * FROM message x WHERE x.thread_id = t.id
					ORDER BY x.created_at DESC, x.id DESC LIMIT 1) l ON true
				WHERE ${where} ORDER BY ${ORDER[filter.sort ?? '-when']}
				LIMIT ${PAGE_SIZE} OFFSET ${(filter.page - 1) * PAGE_SIZE}`)
		]);
		return { ...counted, rows: rows.map((row) => ({ ...row, lastAt: Number(row.lastAt) })) };
	};
