// News for all clients or for one: published, edited, taken back, and brought back again.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AnnouncementId, ClientId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { requireId } from '../portal/scope.ts';
import type { AnnouncementInput } from './announcement-input.ts';

/** The one client of this name, null for all of them. */
async function findClient(tx: Tx, actor: StaffActor, name: string): Promise<ClientId | null> {
	if (name === '') return null;
	const rows = await tx.execute<{ id: ClientId }>(sql`
		SELECT id FROM client WHERE agency_id = ${actor.agencyId} AND lower(name) = lower(${name}) LIMIT 2`);
	const [only, second] = rows;
	if (only && !second) return only.id;
	const sentence = second
		? `Several clients are called “${name}”. Rename one of them first.`
		: `There is no client “${name}”. Choose one from the list, or leave it empty for all.`;
	throw new AppError('invalid', sentence, { field: 'client' });
}

/** From the first moment of the first day to the last of the last one. */
const span = ({ from, until }: AnnouncementInput) => ({
	from: sql`COALESCE(${from}::date::timestamp AT TIME ZONE 'UTC', now())`,
	until: sql`(${until}::date + 1)::timestamp AT TIME ZONE 'UTC'`
});

/** Attack: a last day that is over would be news nobody ever sees, and the database would refuse the row. */
async function requireFuture(tx: Tx, { until }: AnnouncementInput): Promise<void> {
	if (!until) return;
	const [row] = await tx.execute<{ over: boolean }>(
		sql`SELECT ${until}::date < (now() AT TIME ZONE 'UTC')::date AS over`
	);
	if (row?.over) throw new AppError('invalid', 'The last day is over already.', { field: 'until' });
}

const detailsOf = ({ title, client, from, until }: AnnouncementInput) => ({
	title,
	client: client || 'All clients',
	from,
	until
});

/** @throws AppError `invalid` for a client that is none; the gate's refusals (logged) */
export const createAnnouncement =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (actor: StaffActor, input: AnnouncementInput, origin: Origin): Promise<AnnouncementId> => {
		const id = ids.uuid() as AnnouncementId;
		const subject = { type: 'announcement', id, label: input.title };
		return act(actor, { action: 'announcement.created', subject, origin }, async (tx) => {
			await requireFuture(tx, input);
			const clientId = await findClient(tx, actor, input.client);
			const { from, until } = span(input);
			await tx.execute(sql`
				INSERT INTO announcement (id, agency_id, client_id, title, body, visible_from, visible_until, made_by_staff_id)
				VALUES (${id}, ${actor.agencyId}, ${clientId}, ${input.title}, ${input.body}, ${from}, ${until}, ${actor.staffId})`);
			return { value: id, details: detailsOf(input) };
		});
	};

async function lock(tx: Tx, actor: StaffActor, id: AnnouncementId): Promise<{ title: string }> {
	const [row] = await tx.execute<{ title: string }>(
		sql`SELECT title FROM announcement WHERE id = ${id} AND agency_id = ${actor.agencyId} FOR UPDATE`
	);
	if (!row) throw new AppError('not_found', 'There is no such announcement.');
	return row;
}

/** @throws AppError `not_found` for another agency's too; the gate's refusals (logged) */
export const editAnnouncement =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, given: string, input: AnnouncementInput, origin: Origin): Promise<void> => {
		const id = requireId<AnnouncementId>(given, 'announcement');
		const subject = { type: 'announcement', id, label: input.title };
		await act(actor, { action: 'announcement.edited', subject, origin }, async (tx) => {
			const before = await lock(tx, actor, id);
			await requireFuture(tx, input);
			const clientId = await findClient(tx, actor, input.client);
			const { from, until } = span(input);
			await tx.execute(sql`
				UPDATE announcement SET title = ${input.title}, body = ${input.body}, client_id = ${clientId},
					visible_from = ${input.from ? from : sql`visible_from`}, visible_until = ${until} WHERE id = ${id}`);
			return { value: undefined, details: { before, after: detailsOf(input) } };
		});
	};

const setRemoved =
	(action: 'announcement.removed' | 'announcement.restored') =>
	({ act }: { act: Act }) =>
	async (actor: StaffActor, given: string, origin: Origin): Promise<void> => {
		const id = requireId<AnnouncementId>(given, 'announcement');
		const subject = { type: 'announcement', id };
		await act(actor, { action, subject, origin }, async (tx) => {
			const { title } = await lock(tx, actor, id);
			const when = action === 'announcement.removed' ? sql`now()` : sql`NULL`;
			await tx.execute(sql`UPDATE announcement SET removed_at = ${when} WHERE id = ${id}`);
			return { value: undefined, subject: { ...subject, label: title } };
		});
	};

/** No client sees it any more; `restoreAnnouncement` takes this back. */
export const removeAnnouncement = setRemoved('announcement.removed');
export const restoreAnnouncement = setRemoved('announcement.restored');
