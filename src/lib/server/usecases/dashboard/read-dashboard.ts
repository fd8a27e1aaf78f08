// The agency's first page for one person: what runs, what waits for them, what is owed. Each part is read only with the
// permission whose own page shows the same; a part that is absent is null.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Mode } from '#domain/modes-and-reasons.ts';
import type { Permission } from '#domain/permissions.ts';
import { readStaff } from '#server/db/standing.ts';
import { AppError } from '#domain/errors.ts';
import { readTally } from '#server/db/tallies.ts';
import type { Db } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { readAttention, type Attention } from './read-attention.ts';
import { readMoney, type Owed } from './read-money.ts';

const SHOWN = 8;
const DAYS = 30;

type Inside = {
	id: string;
	staffId: string;
	staff: string;
	client: string;
	contact: string;
	mode: Mode;
	since: number;
};
type Day = { day: string; count: number };
type DueTask = {
	id: string;
	title: string;
	client: string;
	clientId: string;
	dueOn: string;
	overdue: boolean;
};
type Orders = Record<'pending' | 'in_progress' | 'delivered', number>;

export type Dashboard = {
	/** Those running now; without `supervise` only the reader's own. */
	inside: Inside[];
	attention: Attention | null;
	tasks: { rows: DueTask[]; total: number } | null;
	orders: Orders | null;
	money: Owed[] | null;
	perDay: Day[] | null;
};

const readInside = (db: Db, actor: StaffActor, all: boolean) =>
	db.execute<Inside>(sql`
		SELECT i.id, i.staff_id AS "staffId", s.name AS staff, c.name AS client, k.name AS contact, i.mode,
			${ms('i.started_at')} AS since
		FROM impersonation i JOIN staff s ON s.id = i.staff_id JOIN client c ON c.id = i.client_id
		JOIN contact k ON k.id = i.contact_id
		WHERE i.agency_id = ${actor.agencyId} AND i.state = 'active' AND i.expires_at > clock_timestamp()
			${all ? sql`` : sql`AND i.staff_id = ${actor.staffId}`}
		ORDER BY i.started_at LIMIT ${SHOWN}`);

/** Open tasks that are due within a week: given to this person, or to nobody at a client they look after. */
async function readTasks(db: Db, actor: StaffActor): Promise<Dashboard['tasks']> {
	const rows = await db.execute<DueTask & { total: number }>(sql`
		WITH mine AS (
			SELECT t.id FROM task t JOIN client_assignment x ON x.client_id = t.client_id
			WHERE x.staff_id = ${actor.staffId} AND t.agency_id = ${actor.agencyId} AND t.status = 'open'
				AND t.deleted_at IS NULL AND t.assignee_staff_id IS NULL AND t.waiting_on = 'agency' AND t.due_on <= current_date + 7
			UNION
			SELECT t.id FROM task t WHERE t.assignee_staff_id = ${actor.staffId} AND t.agency_id = ${actor.agencyId}
				AND t.status = 'open' AND t.deleted_at IS NULL AND t.due_on <= current_date + 7)
		SELECT t.id, t.title, c.name AS client, c.id AS "clientId", t.due_on::text AS "dueOn",
			t.due_on < current_date AS overdue, count(*) OVER ()::int AS total
		FROM mine JOIN task t ON t.id = mine.id JOIN client c ON c.id = t.client_id AND c.status = 'active'
		ORDER BY t.due_on, t.id LIMIT ${SHOWN}`);
	return { rows: rows.map(({ total: _total, ...row }) => row), total: rows[0]?.total ?? 0 };
}

async function readOrders(db: Db, actor: StaffActor): Promise<Orders> {
	const kept = await readTally(db, actor.agencyId, 'order.status');
	const of = (status: keyof Orders) => kept.get(status) ?? 0;
	return { pending: of('pending'), in_progress: of('in_progress'), delivered: of('delivered') };
}

/** Every day of the last thirty, also those without any; days are UTC's. */
const readPerDay = (db: Db, actor: StaffActor) =>
	db.execute<Day>(sql`
		SELECT d::date::text AS day, count(i.id)::int AS count
		FROM generate_series((now() AT TIME ZONE 'UTC')::date - ${DAYS - 1}::int, (now() AT TIME ZONE 'UTC')::date, interval '1 day') d
		LEFT JOIN impersonation i ON i.agency_id = ${actor.agencyId} AND i.started_at >= d AT TIME ZONE 'UTC'
			AND i.started_at < (d + interval '1 day') AT TIME ZONE 'UTC'
		GROUP BY d ORDER BY d`);

/** @throws AppError `not_allowed` for who is not active any more */
export const readDashboard =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<Dashboard> => {
		const standing = await readStaff(db, actor);
		if (!standing) throw new AppError('not_allowed', 'Your account is not active.');
		const has = (permission: Permission) => standing.permissions.has(permission);
		const when = <T>(permission: Permission, read: () => Promise<T>): Promise<T | null> =>
			has(permission) ? read() : Promise.resolve(null);
		const [inside, attention, tasks, orders, money, perDay] = await Promise.all([
			readInside(db, actor, has('observe')),
			when('clients.read', () => readAttention(db, actor, standing.permissions)),
			when('tasks.manage', () => readTasks(db, actor)),
			when('orders.manage', () => readOrders(db, actor)),
			when('billing.manage', () => readMoney(db, actor.agencyId)),
			has('review') || has('observe') ? readPerDay(db, actor) : null
		]);
		return { inside: [...inside], attention, tasks, orders, money, perDay: perDay && [...perDay] };
	};
