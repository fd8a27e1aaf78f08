// Tasks as staff see them: of the whole agency, or of one client on Client Details.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid, type ClientId, type TaskId } from '#domain/ids.ts';
import { countRows } from '#server/db/count-rows.ts';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import type { Db } from '#server/db/types.ts';
import { containing, ms, PAGE_SIZE, requireClient, requireReader } from '../agency/require-reader.ts';
import { makerOf, type Maker } from '../portal/scope.ts';

/** Counted up to here and no further: a count over a million rows would cost more than the page. */
export const MAX_COUNT = 10_000;

/** The same of a search. */
const MAX_FOUND_TASKS = 500;

const id = z.string().refine(isUuid).optional().catch(undefined);

/** A hand-typed address must show something, so what is not understood is left out. */
export const staffTaskFilters = z.object({
	q: z.string().trim().max(100).catch('').default(''),
	status: z.enum(['open', 'done', 'all']).catch('open').default('open'),
	due: z.enum(['overdue', 'any']).catch('any').default('any'),
	waiting: z.enum(['client', 'agency', 'any']).catch('any').default('any'),
	/** `me`, `none`, or a staff member. */
	assignee: z
		.union([z.literal('me'), z.literal('none'), z.string().refine(isUuid)])
		.optional()
		.catch(undefined),
	client: id,
	sort: z.enum(['due', '-created', 'created']).catch('due').default('due'),
	page: z.coerce
		.number()
		.int()
		.min(1)
		.max(MAX_COUNT / PAGE_SIZE)
		.catch(1)
		.default(1)
});
export type StaffTaskFilters = z.infer<typeof staffTaskFilters>;

export type StaffTaskRow = {
	id: TaskId;
	title: string;
	client: { id: ClientId; name: string };
	status: 'open' | 'done';
	waitingOn: 'client' | 'agency';
	clientVisible: boolean;
	dueOn: string | null;
	overdue: boolean;
	assignee: string | null;
	createdAt: number;
	maker: Maker;
};

export type StaffTaskList = {
	rows: StaffTaskRow[];
	/** At most `MAX_COUNT`. */
	total: number;
	isMore: boolean;
};

/** Words as the beginnings of words, so that the index over titles serves a search over the whole agency. */
export function wordsQuery(q: string): string | null {
	const words = q.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
	return words.length > 0 ? words.map((word) => `${word}:*`).join(' & ') : null;
}

const ORDER = {
	due: sql`t.due_on NULLS LAST, t.id`,
	'-created': sql`t.created_at DESC, t.id`,
	created: sql`t.created_at, t.id DESC`
};

/** The conditions of each filter; those that are not set are not in the statement, so that an index fits it. */
function conditions(actor: StaffActor, filters: StaffTaskFilters): SQL[] {
	const { status, due, waiting, assignee, client, q } = filters;
	const found: SQL[] = [sql`t.agency_id = ${actor.agencyId} AND t.deleted_at IS NULL`];
	if (due === 'overdue') found.push(sql`t.status = 'open' AND t.due_on < current_date`);
	else if (status !== 'all') found.push(sql`t.status = ${status}`);
	if (waiting !== 'any') found.push(sql`t.status = 'open' AND t.waiting_on = ${waiting}`);
	if (assignee === 'none') found.push(sql`t.assignee_staff_id IS NULL`);
	else if (assignee) found.push(sql`t.assignee_staff_id = ${assignee === 'me' ? actor.staffId : assignee}`);
	if (client) found.push(sql`t.client_id = ${client}`);
	const words = q ? wordsQuery(q) : null;
	if (q) found.push(words ? sql`t.words @@ to_tsquery('simple', ${words})` : sql`false`);
	return found;
}

async function readList(db: Db, actor: StaffActor, filters: StaffTaskFilters): Promise<StaffTaskList> {
	const where = sql.join(conditions(actor, filters), sql` AND `);
	// Over all states no index has the due dates in order.
	const sort = filters.status === 'all' && filters.due !== 'overdue' && !filters.client ? '-created' : 'due';
	const order = ORDER[filters.sort === 'due' ? sort : filters.sort];
	// Found by a word, most tasks of the page are read one by one: fewer are counted.
	const planned = sql.raw(filters.q ? PLANNED_ANEW : '');
	const [rows, counted] = await Promise.all([
		db.execute<StaffTaskRow>(sql`
			SELECT ${planned} t.id, t.title, json_build_object('id', c.id, 'name', c.name) AS client, t.status,
				t.waiting_on AS "waitingOn", t.client_visible AS "clientVisible", t.due_on::text AS "dueOn",
				COALESCE(t.status = 'open' AND t.due_on < current_date, false) AS overdue,
				(SELECT name FROM staff WHERE id = t.assignee_staff_id) AS assignee, ${ms('t.created_at')} AS "createdAt",
				${makerOf('t')} AS maker
			FROM task t JOIN client c ON c.id = t.client_id WHERE ${where} ORDER BY ${order}
			LIMIT ${PAGE_SIZE} OFFSET ${(filters.page - 1) * PAGE_SIZE}`),
		countRows(db, sql`${planned} FROM task t WHERE ${where}`, filters.q ? MAX_FOUND_TASKS : MAX_COUNT)
	]);
	return { rows: [...rows], ...counted };
}

/** @throws AppError `not_allowed` without `tasks.manage` */
export const listStaffTasks =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: StaffTaskFilters): Promise<StaffTaskList> => {
		await requireReader(db, actor, 'tasks.manage');
		return readList(db, actor, filters);
	};

/** The tab of Client Details. @throws AppError `not_found` for another agency's client, `not_allowed` */
export const listClientTasks =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string, filters: StaffTaskFilters): Promise<StaffTaskList> => {
		await requireClient(db, actor, clientId);
		return readList(db, actor, { ...filters, client: clientId });
	};

/** Who can be given a task. @throws AppError `not_allowed` without `tasks.manage` */
export const listColleagues =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<{ id: string; name: string }[]> => {
		await requireReader(db, actor, 'tasks.manage');
		const rows = await db.execute<{ id: string; name: string }>(sql`
			SELECT s.id, s.name FROM staff s WHERE s.agency_id = ${actor.agencyId} AND s.active ORDER BY lower(s.name), s.id`);
		return [...rows];
	};

const MAX_FOUND = 20;

/** For whom a task is made: the first clients that a search finds, those of the actor first. */
export const findTaskClients =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, q: string): Promise<{ id: ClientId; name: string; owner: string | null }[]> => {
		await requireReader(db, actor, 'tasks.manage');
		const rows = await db.execute<{ id: ClientId; name: string; owner: string | null }>(sql`
			SELECT c.id, c.name, (SELECT k.name FROM contact k WHERE k.client_id = c.id AND k.is_owner LIMIT 1) AS owner
			FROM client c WHERE c.agency_id = ${actor.agencyId} AND c.status = 'active' AND c.name ILIKE ${containing(q)}
			ORDER BY EXISTS (SELECT FROM client_assignment x WHERE x.client_id = c.id AND x.staff_id = ${actor.staffId}) DESC,
				lower(c.name), c.id LIMIT ${MAX_FOUND}`);
		return [...rows];
	};
