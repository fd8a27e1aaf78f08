// Which staff members look after a client. Under the rule "only assigned clients" this decides who may go inside, so
// taking somebody off acts on a running impersonation too: the gate asks at every change, the hub's sweep ends it.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Act, Done } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { accountOf, idList, lockClient } from './client-fields.ts';

/** More people than look after any one client. */
export const MAX_ASSIGNEES = 50;

export const assignInput = z.object({ clientId: z.string(), staffIds: idList(MAX_ASSIGNEES).default([]) });
export type AssignInput = z.infer<typeof assignInput>;

type Person = { id: string; name: string; active: boolean; held: boolean };

const uuids = (ids: readonly string[]) =>
	sql`ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`;

/** Everyone named now or before, only of this agency. */
const people = (tx: Tx, actor: StaffActor, clientId: ClientId, wanted: readonly string[]) =>
	tx.execute<Person>(sql`SELECT s.id, s.name, s.active,
			EXISTS (SELECT FROM client_assignment x WHERE x.client_id = ${clientId} AND x.staff_id = s.id) AS held
		FROM staff s WHERE s.agency_id = ${actor.agencyId} AND (s.id = ANY (${uuids(wanted)})
			OR EXISTS (SELECT FROM client_assignment x WHERE x.client_id = ${clientId} AND x.staff_id = s.id))
		ORDER BY s.name, s.id`);

/** Sets exactly these people. @throws AppError `invalid` for somebody who is not of this agency, or deactivated */
export async function setAssignees(
	tx: Tx,
	actor: StaffActor,
	clientId: ClientId,
	wanted: readonly string[]
): Promise<{ added: string[]; removed: string[] }> {
	const all = await people(tx, actor, clientId, wanted);
	const unknown = wanted.some((id) => !all.some((person) => person.id === id));
	const added = all.filter((person) => wanted.includes(person.id) && !person.held);
	if (unknown || added.some((person) => !person.active))
		throw new AppError('invalid', 'Somebody you chose is not in the team any more. Choose again.', {
			field: 'staffIds'
		});
	const removed = all.filter((person) => person.held && !wanted.includes(person.id));
	await tx.execute(sql`DELETE FROM client_assignment WHERE client_id = ${clientId}
		AND staff_id = ANY (${uuids(removed.map(({ id }) => id))})`);
	await tx.execute(sql`INSERT INTO client_assignment (client_id, staff_id)
		SELECT ${clientId}, unnest(${uuids(added.map(({ id }) => id))}) ON CONFLICT DO NOTHING`);
	return { added: added.map(({ name }) => name), removed: removed.map(({ name }) => name) };
}

type Choose = (tx: Tx, clientId: ClientId) => Promise<readonly string[]>;

async function assign(tx: Tx, actor: StaffActor, clientId: string, choose: Choose): Promise<Done<undefined>> {
	const client = await lockClient(tx, actor, clientId);
	const details = await setAssignees(tx, actor, client.id, await choose(tx, client.id));
	return { value: undefined, subject: { type: 'client', id: client.id, label: client.name }, details };
}

/** @throws AppError `not_found`, `invalid`, the gate's refusals (logged) */
export const assignClient =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, { clientId, staffIds }: AssignInput, origin: Origin): Promise<void> => {
		const deed = { action: 'client.assigned', clientId: accountOf(clientId), origin } as const;
		await act(actor, deed, (tx) => assign(tx, actor, clientId, () => Promise.resolve(staffIds)));
	};

export type AssignOneInput = { clientId: string; staffId: string; look: 'add' | 'remove' };

/** Adds one person to, or takes them off, a client whose other people stay; what the list does for many. */
export const assignOne =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, { clientId, staffId, look }: AssignOneInput, origin: Origin): Promise<void> => {
		const deed = { action: 'client.assigned', clientId: accountOf(clientId), origin } as const;
		await act(actor, deed, (tx) =>
			assign(tx, actor, clientId, async (_tx, id) => {
				const held = await tx.execute<{ id: string }>(
					sql`SELECT staff_id AS id FROM client_assignment WHERE client_id = ${id}`
				);
				if (held.some((row) => row.id === staffId) === (look === 'add'))
					throw new AppError('conflict', 'Some clients were left out: nothing would change there.');
				const others = held.map((row) => row.id).filter((other) => other !== staffId);
				return look === 'add' ? [...others, staffId] : others;
			})
		);
	};
