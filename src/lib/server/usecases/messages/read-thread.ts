// One conversation, its newest part first reached: pages go back in time, the messages of a page stand in their order.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { ClientId, FileId, MessageId, OrderId, ThreadId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { epochMs, makerOf, requireId, type Maker } from '../portal/scope.ts';
import { isOwnMessage, personOf, reachedThreads } from './reach.ts';

/** Messages of one page of a conversation. */
export const THREAD_PAGE_SIZE = 50;

export type Message = {
	id: MessageId;
	body: string;
	createdAt: number;
	maker: Maker;
	mine: boolean;
	files: { id: FileId; name: string; mediaType: string; bytes: number }[];
};
export type Thread = {
	id: ThreadId;
	subject: string;
	client: { id: ClientId; name: string };
	orderId: OrderId | null;
	total: number;
	/** The first message that was new when the page was opened: a line is drawn above it. */
	firstNew: MessageId | null;
	messages: Message[];
};

type Head = Pick<Thread, 'id' | 'subject' | 'client' | 'orderId' | 'total'> & { readAt: string | null };
type Row = Omit<Message, 'createdAt'> & { createdAt: string; isNew: boolean };

const FILES = sql`coalesce((SELECT json_agg(json_build_object('id', f.id, 'name', f.name, 'mediaType', f.media_type,
	'bytes', f.bytes) ORDER BY f.created_at, f.id) FROM file f WHERE f.message_id = m.id AND f.deleted_at IS NULL), '[]')`;

/** @throws AppError `not_found`, also for another client's, another agency's and a hidden one */
export const readThread =
	({ db }: { db: Db }) =>
	async (actor: EitherActor, id: string, page: number): Promise<Thread> => {
		const threadId = requireId<ThreadId>(id, 'conversation');
		const reached = await reachedThreads(db, actor);
		const readAt = sql`(SELECT r.read_at FROM thread_read r WHERE r.thread_id = t.id
			AND r.person_id = ${personOf(actor)})`;
		const [head] = await db.execute<Head>(sql`
			SELECT t.id, t.subject, json_build_object('id', c.id, 'name', c.name) AS client, t.order_id AS "orderId",
				(SELECT count(*)::int FROM message n WHERE n.thread_id = t.id) AS total
			FROM thread t JOIN client c ON c.id = t.client_id WHERE t.id = ${threadId} AND ${reached}`);
		if (!head) throw new AppError('not_found', 'There is no such conversation.');
		const newestFirst = await db.execute<Row>(sql`
			SELECT m.id, m.body, ${epochMs('m.created_at')} AS "createdAt", ${makerOf('m')} AS maker,
				${isOwnMessage(actor)} AS mine, ${FILES} AS files,
				m.created_at > coalesce(${readAt}, '-infinity') AND NOT ${isOwnMessage(actor)} AS "isNew"
			FROM message m JOIN thread t ON t.id = m.thread_id WHERE t.id = ${threadId}
			ORDER BY m.created_at DESC, m.id DESC
			LIMIT ${THREAD_PAGE_SIZE} OFFSET ${(page - 1) * THREAD_PAGE_SIZE}`);
		const rows = newestFirst.toReversed();
		return {
			...head,
			firstNew: rows.find((row) => row.isNew)?.id ?? null,
			messages: rows.map(({ isNew: _isNew, ...row }) => ({ ...row, createdAt: Number(row.createdAt) }))
		};
	};
