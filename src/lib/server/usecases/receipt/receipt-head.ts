// The impersonation that a receipt is about, and who may see it: whoever was inside, and those who review.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { ActionName } from '#domain/actions.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid, type ClientId, type ContactId, type ImpersonationId, type StaffId } from '#domain/ids.ts';
import type { EndReason } from '#domain/impersonation.ts';
import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import type { Deed } from '#server/db/act.ts';
import { readStaff, type StaffStanding } from '#server/db/standing.ts';
import type { Reader, Tx } from '#server/db/types.ts';
import { ms, requireReader } from '../agency/require-reader.ts';

export type Head = {
	id: ImpersonationId;
	clientId: ClientId;
	client: string;
	contactId: ContactId;
	contact: string;
	staffId: StaffId;
	staff: string;
	mode: Mode;
	reason: Reason;
	ticket: string | null;
	details: string;
	startedAt: number;
	/** Null while it runs. */
	endedAt: number | null;
	endReason: EndReason | null;
	policy: unknown;
	now: number;
};

const NONE = new AppError('not_found', 'There is no such receipt.');

/** As the address names it: a receipt is found under its own client alone. */
export type Named = { id: string; clientId: string };

/** Of the actor's own agency; one that was never entered has none. @throws AppError `not_found` */
export async function readHead(reader: Reader, actor: StaffActor, { id, clientId }: Named): Promise<Head> {
	if (!isUuid(id) || !isUuid(clientId)) throw NONE;
	const [row] = await reader.execute<Head>(sql`
		SELECT i.id, i.client_id AS "clientId", c.name AS client, i.contact_id AS "contactId", k.name AS contact,
			i.staff_id AS "staffId", s.name AS staff, i.mode, i.reason, i.ticket, i.details, ${ms('i.started_at')} AS "startedAt",
			${ms('i.ended_at')} AS "endedAt", i.end_reason AS "endReason", a.policy, ${ms('clock_timestamp()')} AS now
		FROM impersonation i JOIN agency a ON a.id = i.agency_id JOIN client c ON c.id = i.client_id
		JOIN contact k ON k.id = i.contact_id JOIN staff s ON s.id = i.staff_id
		WHERE i.id = ${id} AND i.client_id = ${clientId} AND i.agency_id = ${actor.agencyId} AND i.started_at IS NOT NULL`);
	if (!row) throw NONE;
	return row;
}

/** @throws AppError `not_found`, also for a colleague's, unless the reader reviews */
export async function requireReceipt(
	reader: Reader,
	actor: StaffActor,
	named: Named
): Promise<{ head: Head; standing: StaffStanding }> {
	const standing = await requireReader(reader, actor, 'clients.read');
	const head = await readHead(reader, actor, named);
	if (head.staffId !== actor.staffId && !standing.permissions.has('review')) throw NONE;
	return { head, standing };
}

/** Something done to one's own receipt: under the client's account and the impersonation. */
export const receiptDeed = (head: Head, action: ActionName, origin: Origin): Deed => ({
	action,
	clientId: head.clientId,
	contactId: head.contactId,
	impersonationId: head.id,
	subject: { type: 'impersonation', id: head.id, label: `${head.client}, ${head.staff}` },
	origin
});

/**
 * Asked inside the change: the catalogue asks for no permission, since whoever lost theirs may still say what they did.
 * @throws AppError `not_signed_in`, `not_allowed` for a colleague's (logged), `conflict` while it runs
 */
export async function requireOwn(tx: Tx, actor: StaffActor, head: Head): Promise<{ endedAt: number }> {
	if (!(await readStaff(tx, actor))) throw new AppError('not_signed_in', 'Sign in again.');
	if (head.staffId !== actor.staffId)
		throw new AppError('not_allowed', `Only ${head.staff} can do this: they were inside.`);
	if (head.endedAt === null) throw new AppError('conflict', 'You are still inside. Switch back first.');
	return { endedAt: head.endedAt };
}
