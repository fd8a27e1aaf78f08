// Publishes, archives and moves a service, and chooses who is shown it.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, ServiceId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { requireId } from '../portal/scope.ts';
import { lockService } from './save-service.ts';

const setStatus = (tx: Tx, id: ServiceId, status: string) =>
	tx.execute(sql`UPDATE service SET status = ${status}, updated_at = clock_timestamp() WHERE id = ${id}`);

/** @throws AppError `not_found`; `conflict` without a package; the gate's refusals (logged) */
export const publishService =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, id: string, origin: Origin): Promise<void> => {
		const serviceId = requireId<ServiceId>(id, 'service');
		const subject = { type: 'service', id: serviceId };
		await act(actor, { action: 'service.published', subject, origin }, async (tx) => {
			const { name, status } = await lockService(tx, actor, serviceId);
			const packages = await tx.execute(
				sql`SELECT FROM service_package WHERE service_id = ${serviceId} AND archived_at IS NULL LIMIT 1`
			);
			if (packages.length === 0)
				throw new AppError('conflict', 'Add a package first: without one nobody can order this service.');
			await setStatus(tx, serviceId, 'published');
			return { value: undefined, subject: { ...subject, label: name }, details: { from: status } };
		});
	};

/** Takes it out of every catalogue; orders and subscriptions of it go on. @throws as `publishService` */
export const archiveService =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, id: string, origin: Origin): Promise<void> => {
		const serviceId = requireId<ServiceId>(id, 'service');
		const subject = { type: 'service', id: serviceId };
		await act(actor, { action: 'service.archived', subject, origin }, async (tx) => {
			const { name, status } = await lockService(tx, actor, serviceId);
			await setStatus(tx, serviceId, 'archived');
			return { value: undefined, subject: { ...subject, label: name }, details: { from: status } };
		});
	};

export type Direction = 'up' | 'down';

/** One place up or down among those listed; at the end it stays. @throws as `publishService` */
export const moveService =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, { id, to }: { id: string; to: Direction }, origin: Origin): Promise<void> => {
		const serviceId = requireId<ServiceId>(id, 'service');
		const subject = { type: 'service', id: serviceId };
		await act(actor, { action: 'service.edited', subject, origin }, async (tx) => {
			// All of them are held, in one order, so that two who move at once wait instead of leaving two in one place.
			const rows = await tx.execute<{ id: ServiceId; name: string }>(sql`
				SELECT id, name FROM service WHERE agency_id = ${actor.agencyId} AND status <> 'archived'
				ORDER BY position, id FOR UPDATE`);
			const order = [...rows];
			const at = order.findIndex((row) => row.id === serviceId);
			const moved = order[at];
			if (!moved) throw new AppError('not_found', 'There is no such service, or it is archived.');
			const next = Math.min(Math.max(0, to === 'up' ? at - 1 : at + 1), order.length - 1);
			order.splice(at, 1);
			order.splice(next, 0, moved);
			const places = order.map((row, position) => sql`(${row.id}::uuid, ${position + 1}::int)`);
			await tx.execute(sql`
				UPDATE service s SET position = v.position FROM (VALUES ${sql.join(places, sql`, `)}) AS v (id, position)
				WHERE s.id = v.id AND s.position <> v.position`);
			return { value: undefined, subject: { ...subject, label: moved.name }, details: { moved: to } };
		});
	};

export type Showing = { serviceId: string; clientId: string; shown: boolean };

/** Shows a service for chosen clients to one of them, or takes it away. @throws as `publishService` */
export const showServiceTo =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, { serviceId: service, clientId: client, shown }: Showing, origin: Origin) => {
		const serviceId = requireId<ServiceId>(service, 'service');
		const clientId = requireId<ClientId>(client, 'client');
		const subject = { type: 'service', id: serviceId };
		await act(actor, { action: 'service.edited', clientId, subject, origin }, async (tx) => {
			const { name } = await lockService(tx, actor, serviceId);
			const own = await tx.execute(
				sql`SELECT FROM client WHERE id = ${clientId} AND agency_id = ${actor.agencyId} FOR SHARE`
			);
			if (own.length === 0) throw new AppError('not_found', 'There is no such client.');
			if (shown)
				await tx.execute(sql`INSERT INTO service_client (service_id, client_id, agency_id)
					VALUES (${serviceId}, ${clientId}, ${actor.agencyId}) ON CONFLICT DO NOTHING`);
			else
				await tx.execute(
					sql`DELETE FROM service_client WHERE service_id = ${serviceId} AND client_id = ${clientId}`
				);
			return { value: undefined, subject: { ...subject, label: name }, details: { shown } };
		});
	};
