// Who is shown what: the services of one client, and the chosen clients of one service.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import type { ClientId, ServiceId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { bothWays, sortIn } from '../agency/orders-of-list.ts';
import { containing, PAGE_SIZE, requireClient, requireReader } from '../agency/require-reader.ts';
import { requireId } from '../portal/scope.ts';
import { seenBy } from './seen-by-client.ts';

export type ClientServiceRow = {
	id: ServiceId;
	name: string;
	category: string;
	status: 'draft' | 'published';
	visibleTo: 'all' | 'chosen';
	chosen: boolean;
	/** By the very condition that the client's catalogue is read with. */
	seen: boolean;
	orders: number;
};

const ORDERS = {
	position: sql`s.position, s.id`,
	...bothWays(
		{ name: 'lower(s.name)', category: 'lower(s.category)', seen: 'seen', orders: 'orders' },
		's.id'
	)
};
/** The tab's address. */
export const clientServicesView = z.object({ sort: sortIn(ORDERS, 'position') });
export type ClientServicesView = z.infer<typeof clientServicesView>;

/** @throws AppError `not_found`, also for another agency's client */
export const listClientServices =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, client: string, { sort, page }: ClientServicesView & { page: number }) => {
		await requireClient(db, actor, client);
		const clientId = client as ClientId;
		const rows = await db.execute<ClientServiceRow & { total: number }>(sql`
			SELECT s.id, s.name, s.category, s.status, s.visible_to AS "visibleTo",
				EXISTS (SELECT FROM service_client x WHERE x.service_id = s.id AND x.client_id = ${clientId}) AS chosen,
				(${seenBy({ agencyId: actor.agencyId, clientId })}) AS seen,
				(SELECT count(*)::int FROM client_order o WHERE o.client_id = ${clientId} AND o.service_id = s.id) AS orders,
				count(*) OVER ()::int AS total
			FROM service s WHERE s.agency_id = ${actor.agencyId} AND s.status <> 'archived'
			ORDER BY ${ORDERS[sort]} LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`);
		return { rows: [...rows], total: rows[0]?.total ?? 0 };
	};

/** More matches than these are no choice but a list. */
const MATCHES = 8;

export type NamedClient = { id: ClientId; name: string };

/** The chosen clients of a service, a page at a time, and those whose name matches and who could be chosen. */
export const listServiceClients =
	({ db }: { db: Db }) =>
	async (
		actor: StaffActor,
		service: string,
		{ q, page }: { q: string; page: number }
	): Promise<{ chosen: NamedClient[]; total: number; matches: NamedClient[] }> => {
		await requireReader(db, actor, 'services.manage');
		const serviceId = requireId<ServiceId>(service, 'service');
		const isChosen = sql`EXISTS (SELECT FROM service_client x WHERE x.client_id = c.id AND x.service_id = ${serviceId})`;
		const own = sql`c.agency_id = ${actor.agencyId}`;
		const [chosen, [count], matches] = await Promise.all([
			db.execute<NamedClient>(sql`
				SELECT c.id, c.name FROM client c WHERE ${own} AND ${isChosen} ORDER BY lower(c.name), c.id
				LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM client c WHERE ${own} AND ${isChosen}`),
			q === ''
				? []
				: db.execute<NamedClient>(sql`
					SELECT c.id, c.name FROM client c WHERE ${own} AND c.status = 'active' AND c.name ILIKE ${containing(q)}
						AND NOT ${isChosen} ORDER BY lower(c.name), c.id LIMIT ${MATCHES}`)
		]);
		return { chosen: [...chosen], total: count?.n ?? 0, matches: [...matches] };
	};
