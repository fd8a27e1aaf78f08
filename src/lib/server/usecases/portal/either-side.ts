// Work that a contact does in the portal and staff do on their own side alike: who asks, and whose rows it is about.
import { sql } from 'drizzle-orm';
import type { PortalActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ClientId } from '#domain/ids.ts';
import type { Permission } from '#domain/permissions.ts';
import type { AreaKey } from '#domain/portal-elements.ts';
import type { Reader, Tx } from '#server/db/types.ts';
import { requireClient, requireReader } from '../agency/require-reader.ts';
import { requireArea, requireId } from './scope.ts';

export type EitherActor = PortalActor | StaffActor;
export type Account = { agencyId: AgencyId; clientId: ClientId };

export const inPortal = (actor: EitherActor): actor is PortalActor => actor.kind !== 'staff';

/**
 * In the portal the actor's own client, whatever an input names; on the agency host the client that is named.
 * @throws AppError `not_found` when staff name none
 */
export function accountOf(actor: EitherActor, named: string | null | undefined): Account {
	if (inPortal(actor)) return { agencyId: actor.agencyId, clientId: actor.clientId };
	return { agencyId: actor.agencyId, clientId: requireId<ClientId>(named ?? '', 'client') };
}

/**
 * Holds the client of a new row. Attack: staff who type another agency's client id would plant rows there.
 * @throws AppError `not_found`
 */
export async function requireAccount(tx: Tx, actor: EitherActor, account: Account): Promise<void> {
	if (inPortal(actor)) return;
	const rows = await tx.execute(sql`SELECT FROM client
		WHERE id = ${account.clientId} AND agency_id = ${account.agencyId} FOR KEY SHARE`);
	if (rows.length === 0) throw new AppError('not_found', 'There is no such client.');
}

/**
 * Whose row an id names, before the gate is asked: staff act under the account of the row's client.
 * @throws AppError `not_found`, also for another agency's row
 */
export async function accountOfRow(
	reader: Reader,
	actor: EitherActor,
	row: { table: 'task' | 'file' | 'folder'; id: string }
): Promise<Account> {
	const id = requireId<string>(row.id, row.table);
	if (inPortal(actor)) return accountOf(actor, null);
	const [found] = await reader.execute<{ client_id: ClientId }>(sql`
		SELECT client_id FROM ${sql.identifier(row.table)} WHERE id = ${id} AND agency_id = ${actor.agencyId}`);
	if (!found) throw new AppError('not_found', `There is no such ${row.table}.`);
	return { agencyId: actor.agencyId, clientId: found.client_id };
}

/**
 * What a read begins with on either side: the area is visible to the contact, or the client is the staff member's.
 * @throws AppError `not_found`, `not_allowed`
 */
export async function requireLook(
	reader: Reader,
	actor: EitherActor,
	on: { area: AreaKey; clientId?: string | null; permission?: Permission }
): Promise<Account> {
	if (inPortal(actor)) {
		await requireArea(reader, actor, on.area);
		return accountOf(actor, null);
	}
	if (on.permission) await requireReader(reader, actor, on.permission);
	await requireClient(reader, actor, on.clientId ?? '');
	return accountOf(actor, on.clientId);
}
