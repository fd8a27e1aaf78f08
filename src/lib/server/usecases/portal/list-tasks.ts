// The tasks a contact sees, a page at a time.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { TaskId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { epochMs, likePattern, makerOf, ownRows, PAGE_SIZE, requireArea, type Maker } from './scope.ts';

export type TaskFilter = {
	status: 'open' | 'done' | 'all';
	/** Only open tasks that wait on the client. */
	waiting: boolean;
	q: string;
	/** Counted from 1. */
	page: number;
};

export type TaskRow = {
	id: TaskId;
	title: string;
	status: 'open' | 'done';
	waitingOn: 'client' | 'agency';
	dueOn: string | null;
	createdAt: number;
	comments: number;
	files: number;
	maker: Maker;
};

export type TaskList = {
	rows: TaskRow[];
	total: number;
	counts: { open: number; done: number; waiting: number };
};

const COUNTS = sql`count(*) FILTER (WHERE t.status = 'open')::int AS open,
	count(*) FILTER (WHERE t.status = 'done')::int AS done,
	count(*) FILTER (WHERE t.status = 'open' AND t.waiting_on = 'client')::int AS waiting`;

/** @throws AppError `not_found` when the client sees no tasks */
export const listTasks =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, filter: TaskFilter): Promise<TaskList> => {
		await requireArea(db, actor, 'tasks');
		const own = sql`${ownRows(actor, 't')} AND t.client_visible`;
		const search = filter.q ? likePattern(filter.q) : null;
		const where = sql`${own}
			AND (${filter.status} = 'all' OR t.status = ${filter.status})
			AND (NOT ${filter.waiting}::boolean OR (t.status = 'open' AND t.waiting_on = 'client'))
			AND (${search}::text IS NULL OR t.title ILIKE ${search} OR t.description ILIKE ${search})`;
		const [counts, [total], rows] = await Promise.all([
			db.execute<TaskList['counts']>(sql`SELECT ${COUNTS} FROM task t WHERE ${own}`),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM task t WHERE ${where}`),
			db.execute<Omit<TaskRow, 'createdAt'> & { createdAt: string }>(sql`
				SELECT t.id, t.title, t.status, t.waiting_on AS "waitingOn", t.due_on::text AS "dueOn",
					${epochMs('t.created_at')} AS "createdAt", ${makerOf('t')} AS maker,
					(SELECT count(*)::int FROM task_comment c WHERE c.task_id = t.id) AS comments,
					(SELECT count(*)::int FROM file f WHERE f.task_id = t.id AND f.deleted_at IS NULL) AS files
				FROM task t WHERE ${where} ORDER BY t.created_at DESC, t.id
				LIMIT ${PAGE_SIZE} OFFSET ${(filter.page - 1) * PAGE_SIZE}`)
		]);
		return {
			counts: counts[0] ?? { open: 0, done: 0, waiting: 0 },
			total: total?.n ?? 0,
			rows: rows.map((row) => ({ ...row, createdAt: Number(row.createdAt) }))
		};
	};
