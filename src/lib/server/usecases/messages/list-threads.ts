// Conversations, newest first, a page at a time: a client's own in the portal, all clients' for staff.
import { sql } from 'drizzle-orm';
import type { ClientId, ThreadId } from '#domain/ids.ts';
import { isUuid } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { inPortal, type EitherActor } from '../portal/either-side.ts';
import { epochMs, likePattern, makerOf, PAGE_SIZE, type Maker } from '../portal/scope.ts';
import { isUnread, reachedThreads } from './reach.ts';

export type ThreadFilter = {
	q: string;
	unread: boolean;
	/** Staff only: of one client. */
	clientId: string | null;
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

export type ThreadList = { rows: ThreadRow[]; total: number };

/** How much of the last message a list shows. */
const LINE_CHARS = 140;

type Row = Omit<ThreadRow, 'lastAt'> & { lastAt: string };

/** @throws AppError `not_found`, `not_allowed` (see `reachedThreads`) */
export const listThreads =
	({ db }: { db: Db }) =>
	async (actor: EitherActor, filter: ThreadFilter): Promise<ThreadList> => {
		const reached = await reachedThreads(db, actor);
		const search = filter.q ? likePattern(filter.q) : null;
		// The words of all clients' messages are not searched through for staff: that would read the whole table.
		const inBodies = inPortal(actor)
			? sql`OR EXISTS (SELECT FROM message b WHERE b.thread_id = t.id AND b.body ILIKE ${search})`
			: sql`OR EXISTS (SELECT FROM client b WHERE b.id = t.client_id AND b.name ILIKE ${search})`;
		const ofClient = filter.clientId && isUuid(filter.clientId) ? filter.clientId : null;
		const where = sql`${reached} AND (${ofClient}::uuid IS NULL OR t.client_id = ${ofClient}::uuid)
			AND (NOT ${filter.unread}::boolean OR ${isUnread(actor)})
			AND (${search}::text IS NULL OR t.subject ILIKE ${search} ${inBodies})`;
		const [[total], rows] = await Promise.all([
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM thread t WHERE ${where}`),
			db.execute<Row>(sql`
				SELECT t.id, t.subject, json_build_object('id', c.id, 'name', c.name) AS client,
					t.order_id IS NOT NULL AS "isOrder", ${epochMs('t.last_message_at')} AS "lastAt",
					(SELECT count(*)::int FROM message n WHERE n.thread_id = t.id) AS messages,
					coalesce(left(split_part(l.body, E'\n', 1), ${LINE_CHARS}), '') AS "lastLine",
					${makerOf('l')} AS "lastMaker", ${isUnread(actor)} AS unread
				FROM thread t JOIN client c ON c.id = t.client_id
				LEFT JOIN LATERAL (SELECT * FROM message x WHERE x.thread_id = t.id
					ORDER BY x.created_at DESC, x.id DESC LIMIT 1) l ON true
				WHERE ${where} ORDER BY t.last_message_at DESC, t.id
				LIMIT ${PAGE_SIZE} OFFSET ${(filter.page - 1) * PAGE_SIZE}`)
		]);
		return { total: total?.n ?? 0, rows: rows.map((row) => ({ ...row, lastAt: Number(row.lastAt) })) };
	};
