// All services of the agency, as whoever edits the catalogue lists them.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import type { ServiceId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { bothWays, sortIn } from '../agency/orders-of-list.ts';
import { containing, PAGE_SIZE, requireReader } from '../agency/require-reader.ts';

export const SERVICE_STATUSES = ['draft', 'published', 'archived'] as const;
export type ServiceStatus = (typeof SERVICE_STATUSES)[number];

/** `position` is the order clients see: the one that can be changed here. */
const ORDERS = {
	position: sql`s.position, s.id`,
	...bothWays(
		{
			name: 'lower(s.name)',
			category: 'lower(s.category)',
			status: 's.status',
			packages: 'packages',
			orders: 'orders'
		},
		's.id'
	)
};

/** The list's address; without a status, all but archived ones are listed. */
export const serviceFilters = z.object({
	q: z.string().trim().max(100).catch(''),
	status: z.enum(SERVICE_STATUSES).optional().catch(undefined),
	sort: sortIn(ORDERS, 'position'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type ServiceFilters = z.infer<typeof serviceFilters>;

export type ServiceRow = {
	id: ServiceId;
	name: string;
	category: string;
	status: ServiceStatus;
	visibleTo: 'all' | 'chosen';
	clients: number;
	packages: number;
	orders: number;
	position: number;
};

/** @throws AppError `not_allowed` without the permission `services.manage` */
export const listServices =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, { q, status, sort, page }: ServiceFilters) => {
		await requireReader(db, actor, 'services.manage');
		const where = sql`s.agency_id = ${actor.agencyId}
			AND (${status ?? null}::text IS NULL AND s.status <> 'archived' OR s.status = ${status ?? null})
			AND (${q} = '' OR s.name ILIKE ${containing(q)} OR s.category ILIKE ${containing(q)})`;
		const [rows, [count]] = await Promise.all([
			db.execute<ServiceRow>(sql`
				SELECT s.id, s.name, s.category, s.status, s.visible_to AS "visibleTo", s.position,
					(SELECT count(*)::int FROM service_client x WHERE x.service_id = s.id) AS clients,
					(SELECT count(*)::int FROM service_package p WHERE p.service_id = s.id AND p.archived_at IS NULL) AS packages,
					COALESCE((SELECT sum(y.n)::int FROM tally y WHERE y.agency_id = s.agency_id AND y.what = 'order.service'
						AND y.part = s.id::text), 0) AS orders
				FROM service s WHERE ${where} ORDER BY ${ORDERS[sort]}
				LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`),
			db.execute<{ n: number; last: number }>(sql`
				SELECT count(*)::int AS n FROM service s WHERE ${where}`)
		]);
		return { rows: [...rows], total: count?.n ?? 0 };
	};
