// Clients that wait for somebody: overdue tasks of ours, overdue invoices, orders nobody began. A person's own clients;
// who looks after none but reaches all sees those of the agency.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Permission } from '#domain/permissions.ts';
import type { Db } from '#server/db/types.ts';

const SHOWN = 8;

type Row = { id: string; name: string; tasks: number; invoices: number; orders: number };
export type Attention = { mine: boolean; rows: Row[] };

/** Each kind of thing that waits: whose turn it is to read it, how much it weighs, and its rows, the longest waiting first. */
const KINDS = {
	tasks: {
		permission: 'tasks.manage',
		weight: 1,
		rows: sql`task t WHERE t.status = 'open' AND t.deleted_at IS NULL AND t.waiting_on = 'agency' AND t.due_on < current_date`,
		alias: sql`t`,
		order: sql`t.due_on, t.id`
	},
	invoices: {
		permission: 'billing.manage',
		weight: 3,
		rows: sql`invoice v WHERE v.status = 'open' AND v.due_on < current_date`,
		alias: sql`v`,
		order: sql`v.due_on, v.id`
	},
	orders: {
		permission: 'orders.manage',
		weight: 2,
		rows: sql`client_order o WHERE o.status = 'pending'`,
		alias: sql`o`,
		order: sql`o.created_at, o.id`
	}
} as const satisfies Record<string, Kind>;
type Kind = { permission: Permission; weight: number; rows: SQL; alias: SQL; order: SQL };
type KindName = keyof typeof KINDS;

/**
 * Of a whole agency only so many of each kind are looked at, those that wait longest: who has most of them is among the
 * neediest, and reading all would cost more the more an agency has. What is shown of a client is exact.
 */
const LOOKED_AT = 500;

/** Clients and how much of one kind waits at them, of the actor's own clients or of those looked at. */
function waiting({ rows, alias, order, weight }: Kind, actor: StaffActor, mine: boolean): SQL {
	const own = mine
		? sql`AND ${alias}.client_id IN (SELECT client_id FROM client_assignment WHERE staff_id = ${actor.staffId})`
		: sql``;
	const limit = mine ? sql`` : sql`ORDER BY ${order} LIMIT ${sql.raw(String(LOOKED_AT))}`;
	return sql`SELECT client_id, ${weight}::int AS weight FROM (
		SELECT ${alias}.client_id FROM ${rows} AND ${alias}.agency_id = ${actor.agencyId} ${own} ${limit}) AS looked_at`;
}

const exact = ({ rows, alias }: Kind): SQL =>
	sql`(SELECT count(*)::int FROM ${rows} AND ${alias}.client_id = c.id)`;

/** Null for who looks after nobody and may not see all clients. */
export async function readAttention(
	db: Db,
	actor: StaffActor,
	permissions: ReadonlySet<Permission>
): Promise<Attention | null> {
	const [own] = await db.execute(
		sql`SELECT FROM client_assignment WHERE staff_id = ${actor.staffId} LIMIT 1`
	);
	const mine = own !== undefined;
	if (!mine && !permissions.has('clients.all')) return null;
	const seen = (Object.keys(KINDS) as KindName[]).filter((name) => permissions.has(KINDS[name].permission));
	if (seen.length === 0) return { mine, rows: [] };
	const all = sql.join(
		seen.map((name) => waiting(KINDS[name], actor, mine)),
		sql` UNION ALL `
	);
	const of = (name: KindName): SQL => (seen.includes(name) ? exact(KINDS[name]) : sql`0`);
	// In order first, then looked up: so no more clients are read than are shown.
	const rows = await db.execute<Row>(sql`
		WITH neediest AS MATERIALIZED (
			SELECT c.id, c.name, w.weight FROM (
				SELECT client_id, sum(weight) AS weight FROM (${all}) AS one GROUP BY client_id ORDER BY sum(weight) DESC, client_id OFFSET 0) AS w
			CROSS JOIN LATERAL (SELECT c.id, c.name FROM client c
				WHERE c.id = w.client_id AND c.agency_id = ${actor.agencyId} AND c.status = 'active' OFFSET 0) AS c
			ORDER BY w.weight DESC, w.client_id LIMIT ${SHOWN})
		SELECT c.id, c.name, ${of('tasks')} AS tasks, ${of('invoices')} AS invoices, ${of('orders')} AS orders
		FROM neediest c ORDER BY c.weight DESC, lower(c.name)`);
	return { mine, rows: [...rows] };
}
