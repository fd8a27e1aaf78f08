// The running impersonation that is helped in, as the rows have it, and who acts in it.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor, Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId, PageId, StaffId } from '#domain/ids.ts';
import type { Reader, Tx } from '#server/db/types.ts';

/** The one inside, by the connection of one of their pages. */
export type Inside = {
	agencyId: AgencyId;
	impersonationId: ImpersonationId;
	staffId: StaffId;
	pageId: PageId;
};

/** Who writes: a watcher, or the one who is watched. */
export type Speaker =
	{ actor: StaffActor; origin: Origin; inside?: never } | { inside: Inside; actor?: never };

type Row = { id: ImpersonationId; client_id: ClientId; contact_id: ContactId; staff_id: StaffId };

/** @throws AppError `not_allowed`, for another agency's as for none, so that ids cannot be probed */
export async function findSession(reader: Reader, agencyId: AgencyId, id: string): Promise<Row> {
	const [row] = await reader.execute<Row>(sql`
		SELECT id, client_id, contact_id, staff_id FROM impersonation WHERE id = ${id} AND agency_id = ${agencyId}`);
	if (!row) throw new AppError('not_allowed', 'There is no such impersonation.');
	return row;
}

/**
 * Nothing is said or shown in one that is over. Held, so that its end waits: alone where the row is changed next, since two that
 * shared it first would wait for each other for ever.
 * @throws AppError `impersonation_over`
 */
export async function requireRunning(tx: Tx, id: ImpersonationId, isChanged = false): Promise<void> {
	const [row] = await tx.execute(sql`SELECT FROM impersonation WHERE id = ${id} AND state = 'active'
		${isChanged ? sql`FOR NO KEY UPDATE` : sql`FOR SHARE`}`);
	if (!row) throw new AppError('impersonation_over', 'This impersonation is over.');
}

/** Attack: whoever is watched writes, points or answers as their own supervisor. */
export function requireOther(row: Row, { staffId }: StaffActor): void {
	if (row.staff_id === staffId)
		throw new AppError('not_allowed', 'Nobody supervises their own impersonation.');
}

/** The staff member inside, as the gate knows them. */
export const insideActor = (row: Row, { agencyId, pageId }: Inside): ImpersonationActor => ({
	kind: 'impersonation',
	agencyId,
	clientId: row.client_id,
	contactId: row.contact_id,
	impersonationId: row.id,
	act: { staffId: row.staff_id },
	pageId
});

/** What a deed of a watcher stands under in the log. */
export const accountOf = ({ id, client_id: clientId, contact_id: contactId }: Row) => ({
	impersonationId: id,
	clientId,
	contactId,
	subject: { type: 'impersonation', id }
});
