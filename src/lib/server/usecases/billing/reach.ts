// What every billing use case begins with, on both sides of the counter: whose rows this actor reaches, and under whose
// account a change of theirs stands.
import { sql, type SQL } from 'drizzle-orm';
import type { PortalActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Reader } from '#server/db/types.ts';
import { ownRows } from '../portal/scope.ts';

export type BillingActor = PortalActor | StaffActor;

/** Rows of the actor's agency; of one client where it is that client who asks. */
export const reach = (actor: BillingActor, alias: string): SQL =>
	actor.kind === 'staff' ? sql`${sql.raw(alias)}.agency_id = ${actor.agencyId}` : ownRows(actor, alias);

const NAMES = { invoice: 'invoice', subscription: 'subscription' } as const;

/**
 * The client whose account a change stands under. Staff name it beforehand, so that a refused attempt says on whom.
 * @throws AppError `not_found` for another agency's row: ids are not to be probed
 */
export async function accountOf(
	reader: Reader,
	actor: BillingActor,
	row: { table: keyof typeof NAMES; id: string }
): Promise<ClientId> {
	if (actor.kind !== 'staff') return actor.clientId;
	const [found] = await reader.execute<{ client: ClientId }>(sql`
		SELECT client_id AS client FROM ${sql.identifier(row.table)}
		WHERE id = ${row.id} AND agency_id = ${actor.agencyId}`);
	if (!found) throw new AppError('not_found', `There is no such ${NAMES[row.table]}.`);
	return found.client;
}

/** The day it is now, as the database counts days. */
export async function readToday(reader: Reader): Promise<string> {
	const [row] = await reader.execute<{ today: string }>(sql`SELECT current_date::text AS today`);
	return row?.today ?? '';
}
