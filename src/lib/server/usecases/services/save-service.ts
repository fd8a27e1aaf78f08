// Creates or changes a service. Orders keep names and prices of their own, so nothing here changes what was ordered.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ServiceId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { epochMs, requireId } from '../portal/scope.ts';
import { putParts } from './put-parts.ts';
import type { ServiceInput } from './service-input.ts';

type Dependencies = { act: Act; ids: Ids };

const texts = (input: ServiceInput) => sql`${input.name}, ${input.category}, ${input.summary},
	${input.description}, ${JSON.stringify(input.faq)}::jsonb, ${JSON.stringify(input.questions)}::jsonb,
	${JSON.stringify(input.tasks)}::jsonb, ${input.visibleTo}`;

/** @throws AppError the gate's refusals (logged) */
export const createService =
	({ act, ids }: Dependencies) =>
	async (actor: StaffActor, input: ServiceInput, origin: Origin): Promise<ServiceId> => {
		const id = ids.uuid() as ServiceId;
		const subject = { type: 'service', id, label: input.name };
		return act(actor, { action: 'service.created', subject, origin }, async (tx) => {
			await tx.execute(sql`
				INSERT INTO service (id, agency_id, name, category, summary, description, faq, intake, default_tasks, visible_to,
					position)
				VALUES (${id}, ${actor.agencyId}, ${texts(input)},
					(SELECT COALESCE(max(position), 0) + 1 FROM service WHERE agency_id = ${actor.agencyId}))`);
			await putParts({ tx, ids }, { agencyId: actor.agencyId, serviceId: id }, input);
			return { value: id, subject, details: { packages: input.packages.length } };
		});
	};

type Locked = { name: string; status: string; version: string };

/** The service, held until the change is done. @throws AppError `not_found`, also for another agency's */
export async function lockService(tx: Tx, actor: StaffActor, id: ServiceId): Promise<Locked> {
	const [row] = await tx.execute<Locked>(sql`
		SELECT s.name, s.status, ${epochMs('s.updated_at')} AS version FROM service s
		WHERE s.id = ${id} AND s.agency_id = ${actor.agencyId} FOR UPDATE`);
	if (!row) throw new AppError('not_found', 'There is no such service.');
	return row;
}

/**
 * @param version of the state that was edited
 * @throws AppError `not_found`; `conflict` when somebody saved it meanwhile; `invalid`; the gate's refusals (logged)
 */
export const editService =
	({ act, ids }: Dependencies) =>
	async (
		actor: StaffActor,
		{ id, version, input }: { id: string; version: number; input: ServiceInput },
		origin: Origin
	): Promise<void> => {
		const serviceId = requireId<ServiceId>(id, 'service');
		const subject = { type: 'service', id: serviceId };
		await act(actor, { action: 'service.edited', subject, origin }, async (tx) => {
			const before = await lockService(tx, actor, serviceId);
			if (Number(before.version) !== version)
				throw new AppError(
					'conflict',
					'Somebody changed this service while you edited it. Copy what you need and reload the page.'
				);
			if (before.status === 'published' && input.packages.length === 0)
				throw new AppError(
					'invalid',
					'A published service needs a package. Add one, or archive the service.'
				);
			await tx.execute(sql`
				UPDATE service SET (name, category, summary, description, faq, intake, default_tasks, visible_to)
					= ROW(${texts(input)}), updated_at = clock_timestamp() WHERE id = ${serviceId}`);
			await putParts({ tx, ids }, { agencyId: actor.agencyId, serviceId }, input);
			const renamed = before.name === input.name ? {} : { from: before.name };
			return { value: undefined, subject: { ...subject, label: input.name }, details: renamed };
		});
	};
