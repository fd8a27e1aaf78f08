// Clients that wait for somebody: overdue tasks of ours, overdue invoices, orders nobody began. A person's own clients;
// who looks after none but reaches all sees those of the agency.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Permission } from '#domain/permissions.ts';
import type { Db } from '#server/db/types.ts';

const SHOWN = 8;

type Row = { id: string; name: string; tasks: number; invoices: number; orders: number };
export type Attention = { mine: boolean; rows: Row[] };

const NONE = sql`SELECT NULL::uuid AS client_id, 0 AS n WHERE false`;

const overdueTasks = (scope: SQL) => sql`SELECT t.client_id, count(*)::int AS n FROM task t
	WHERE ${scope} AND t.status = 'open' AND t.deleted_at IS NULL AND t.waiting_on = 'agency' AND t.due_on < current_date
	GROUP BY t.client_id`;
const overdueInvoices = (scope: SQL) => sql`SELECT v.client_id, count(*)::int AS n FROM invoice v
	WHERE ${scope} AND v.status = 'open' AND v.due_on < current_date GROUP BY v.client_id`;
const pendingOrders = (scope: SQL) => sql`SELECT o.client_id, count(*)::int AS n FROM client_order o
	WHERE ${scope} AND o.status = 'pending' GROUP BY o.client_id`;

/** One kind of row, of the agency and, where they are few, of these clients only. */
const scopeOf = (
	alias: string,
	actor: StaffActor,
	mine: boolean
): SQL => sql`${sql.raw(alias)}.agency_id = ${actor.agencyId}
	${mine ? sql`AND ${sql.raw(alias)}.client_id IN (SELECT client_id FROM client_assignment WHERE staff_id = ${actor.staffId})` : sql``}`;

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
	const part = (permission: Permission, alias: string, read: (scope: SQL) => SQL): SQL =>
		permissions.has(permission) ? read(scopeOf(alias, actor, mine)) : NONE;
	const rows = await db.execute<Row>(sql`
		WITH tasks AS (${part('tasks.manage', 't', overdueTasks)}),
			invoices AS (${part('billing.manage', 'v', overdueInvoices)}),
			orders AS (${part('orders.manage', 'o', pendingOrders)})
		SELECT c.id, c.name, COALESCE(t.n, 0) AS tasks, COALESCE(v.n, 0) AS invoices, COALESCE(o.n, 0) AS orders
		FROM client c LEFT JOIN tasks t ON t.client_id = c.id LEFT JOIN invoices v ON v.client_id = c.id
		LEFT JOIN orders o ON o.client_id = c.id
		WHERE c.agency_id = ${actor.agencyId} AND c.status = 'active' AND (t.n > 0 OR v.n > 0 OR o.n > 0)
		ORDER BY COALESCE(v.n, 0) * 3 + COALESCE(o.n, 0) * 2 + COALESCE(t.n, 0) DESC, lower(c.name) LIMIT ${SHOWN}`);
	return { mine, rows: [...rows] };
}
