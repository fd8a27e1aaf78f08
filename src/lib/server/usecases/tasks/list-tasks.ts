// The tasks a contact sees: a page of a list, or the columns of a board.
import { sql, type SQL } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { OrderId, TaskId } from '#domain/ids.ts';
import { isUuid } from '#domain/ids.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import {
	epochMs,
	likePattern,
	makerOf,
	ownRows,
	PAGE_SIZE,
	requireArea,
	type Maker
} from '../portal/scope.ts';

export const TASK_SORTS = [
	'-created',
	'created',
	'title',
	'-title',
	'due',
	'-due',
	'status',
	'-status'
] as const;
export type TaskSort = (typeof TASK_SORTS)[number];
export const MAKERS = ['anyone', 'me', 'team', 'agency'] as const;

export type TaskQuestion = {
	q: string;
	/** Whose: this contact's, all contacts' of the client, or the agency's own. */
	by: (typeof MAKERS)[number];
	/** Of one order. */
	order: string | null;
};

export type TaskFilter = TaskQuestion & {
	status: 'open' | 'done' | 'all';
	/** Only open tasks that wait on the client. */
	waiting: boolean;
	overdue: boolean;
	sort: TaskSort;
	/** Counted from 1. */
	page: number;
};

export type TaskRow = {
	id: TaskId;
	title: string;
	status: 'open' | 'done';
	waitingOn: 'client' | 'agency';
	/** Null also where this client's portal does not show due dates. */
	dueOn: string | null;
	overdue: boolean;
	createdAt: number;
	comments: number;
	files: number;
	maker: Maker;
};

export type TaskList = {
	rows: TaskRow[];
	total: number;
	counts: { open: number; done: number; waiting: number; overdue: number };
	/** The order the list is narrowed to, when the contact sees it. */
	order: { id: OrderId; number: string } | null;
};

const ORDER: Record<TaskSort, SQL> = {
	'-created': sql`t.created_at DESC, t.id`,
	created: sql`t.created_at, t.id`,
	title: sql`lower(t.title), t.id`,
	'-title': sql`lower(t.title) DESC, t.id`,
	due: sql`t.due_on NULLS LAST, t.id`,
	'-due': sql`t.due_on DESC NULLS LAST, t.id`,
	status: sql`t.status DESC, t.waiting_on DESC, t.created_at DESC, t.id`,
	'-status': sql`t.status, t.waiting_on, t.created_at DESC, t.id`
};

const LATE = sql`t.status = 'open' AND t.due_on < current_date`;
const COUNTS = sql`count(*) FILTER (WHERE t.status = 'open')::int AS open,
	count(*) FILTER (WHERE t.status = 'done')::int AS done,
	count(*) FILTER (WHERE t.status = 'open' AND t.waiting_on = 'client')::int AS waiting`;

type Raw = Omit<TaskRow, 'createdAt'> & { createdAt: string };

/** What of a row this contact sees: dates, comments and attachments may be hidden from the client. */
const columns = (view: PortalView): SQL => {
	const due = may('tasks.due_date', view, 'see');
	const count = (shown: boolean, counted: SQL) => (shown ? sql`(SELECT count(*)::int ${counted})` : sql`0`);
	return sql`t.id, t.title, t.status, t.waiting_on AS "waitingOn",
		${due ? sql`t.due_on::text` : sql`NULL`} AS "dueOn", ${due ? sql`COALESCE(${LATE}, false)` : sql`false`} AS overdue,
		${epochMs('t.created_at')} AS "createdAt", ${makerOf('t')} AS maker,
		${count(may('tasks.comments', view, 'see'), sql`FROM task_comment c WHERE c.task_id = t.id`)} AS comments,
		${count(may('tasks.attachments', view, 'see'), sql`FROM file f WHERE f.task_id = t.id AND f.deleted_at IS NULL`)} AS files`;
};

const toRow = (row: Raw): TaskRow => ({ ...row, createdAt: Number(row.createdAt) });

const own = (actor: PortalActor) => sql`${ownRows(actor, 't')} AND t.client_visible AND t.deleted_at IS NULL`;

function asked(actor: PortalActor, { q, by, order }: TaskQuestion): SQL {
	const search = q ? likePattern(q) : null;
	const made = {
		anyone: sql`true`,
		me: sql`t.made_by_contact_id = ${actor.contactId}`,
		team: sql`t.made_by_contact_id IS NOT NULL`,
		agency: sql`t.made_by_contact_id IS NULL`
	}[by];
	// Text that is no id names no order, and no task is of it.
	const ofOrder = order ? (isUuid(order) ? sql`t.order_id = ${order}` : sql`false`) : sql`true`;
	return sql`${made} AND ${ofOrder}
		AND (${search}::text IS NULL OR t.title ILIKE ${search} OR t.description ILIKE ${search})`;
}

async function readOrder(
	db: Db,
	actor: PortalActor,
	order: string | null,
	view: PortalView
): Promise<TaskList['order']> {
	if (!order || !isUuid(order) || !may('orders', view, 'see')) return null;
	const [row] = await db.execute<{ id: OrderId; number: string }>(
		sql`SELECT o.id, o.number FROM client_order o WHERE o.id = ${order} AND ${ownRows(actor, 'o')}`
	);
	return row ?? null;
}

/** @throws AppError `not_found` when the client sees no tasks */
export const listTasks =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, filter: TaskFilter): Promise<TaskList> => {
		const view = await requireArea(db, actor, 'tasks');
		const seesDue = may('tasks.due_date', view, 'see');
		// A date that is hidden must not show through in what is listed, or in which order.
		const sort = !seesDue && /due/.test(filter.sort) ? '-created' : filter.sort;
		const late = filter.overdue && seesDue ? LATE : sql`true`;
		const where = sql`${own(actor)} AND ${asked(actor, filter)} AND ${late}
			AND (${filter.status} = 'all' OR t.status = ${filter.status})
			AND (NOT ${filter.waiting}::boolean OR (t.status = 'open' AND t.waiting_on = 'client'))`;
		const overdue = seesDue ? sql`count(*) FILTER (WHERE ${LATE})::int` : sql`0`;
		const [counts, [total], rows, order] = await Promise.all([
			db.execute<TaskList['counts']>(
				sql`SELECT ${COUNTS}, ${overdue} AS overdue FROM task t WHERE ${own(actor)}`
			),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM task t WHERE ${where}`),
			db.execute<Raw>(sql`
				SELECT ${columns(view)} FROM task t WHERE ${where} ORDER BY ${ORDER[sort]}
				LIMIT ${PAGE_SIZE} OFFSET ${(filter.page - 1) * PAGE_SIZE}`),
			readOrder(db, actor, filter.order, view)
		]);
		return {
			counts: counts[0] ?? { open: 0, done: 0, waiting: 0, overdue: 0 },
			total: total?.n ?? 0,
			rows: rows.map(toRow),
			order
		};
	};

/** Cards of a column; more are in the list, one click away. */
const MAX_CARDS = 50;

export type TaskBoard = Record<'waiting' | 'agency' | 'done', { rows: TaskRow[]; total: number }>;

/** @throws AppError `not_found` when the client sees no tasks */
export const readBoard =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, question: TaskQuestion): Promise<TaskBoard> => {
		const view = await requireArea(db, actor, 'tasks');
		const column = async (which: SQL, order: SQL) => {
			const rows = await db.execute<Raw & { total: number }>(sql`
				SELECT ${columns(view)}, (count(*) OVER ())::int AS total FROM task t
				WHERE ${own(actor)} AND ${asked(actor, question)} AND ${which} ORDER BY ${order} LIMIT ${MAX_CARDS}`);
			return { total: rows[0]?.total ?? 0, rows: rows.map(({ total: _total, ...row }) => toRow(row)) };
		};
		const soonest = may('tasks.due_date', view, 'see')
			? sql`t.due_on NULLS LAST, t.created_at DESC, t.id`
			: sql`t.created_at DESC, t.id`;
		const [waiting, agency, done] = await Promise.all([
			column(sql`t.status = 'open' AND t.waiting_on = 'client'`, soonest),
			column(sql`t.status = 'open' AND t.waiting_on = 'agency'`, soonest),
			column(sql`t.status = 'done'`, sql`t.completed_at DESC NULLS LAST, t.id`)
		]);
		return { waiting, agency, done };
	};
