// Which services staff may order for a client: those that the client is shown, and that have something to order.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { ServiceId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { requireClient, requireReader } from '../agency/require-reader.ts';
import { accountOf } from '../portal/either-side.ts';
import { seenBy } from '../services/seen-by-client.ts';

const MAX_CHOICES = 200;

export type Orderable = { client: string; services: { id: ServiceId; name: string; category: string }[] };

/** @throws AppError `not_allowed`; `not_found`, also for another agency's client */
export const listOrderable =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string): Promise<Orderable> => {
		await requireReader(db, actor, 'orders.manage');
		await requireClient(db, actor, clientId);
		const account = accountOf(actor, clientId);
		const [services, [client]] = await Promise.all([
			db.execute<Orderable['services'][number]>(sql`
				SELECT s.id, s.name, s.category FROM service s WHERE ${seenBy(account)} AND EXISTS (
					SELECT FROM service_package p WHERE p.service_id = s.id AND p.archived_at IS NULL)
				ORDER BY s.position, s.id LIMIT ${MAX_CHOICES}`),
			db.execute<{ name: string }>(
				sql`SELECT name FROM client WHERE id = ${clientId} AND agency_id = ${actor.agencyId}`
			)
		]);
		return { client: client?.name ?? '', services: [...services] };
	};
