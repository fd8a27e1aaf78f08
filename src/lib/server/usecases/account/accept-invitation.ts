// An invited person chooses their password. The link works once, on its own side, for its own days.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ClientActor, Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ClientId, ContactId, StaffId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Side } from '#server/sign-in/auth.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';
import { newPassword, storePassword } from './change-password.ts';
import { tableOf } from './own-account.ts';

export const acceptInput = z.object({ password: newPassword });

export type OpenInvitation = { name: string; email: string; agency: string; client: string | null };

type Row = OpenInvitation & {
	id: string;
	agency_id: AgencyId;
	staff_id: StaffId | null;
	contact_id: ContactId | null;
	client_id: ClientId | null;
};

/** Only of this side, and only of somebody who may sign in and has not yet: the other side's link is none here. */
async function findInvitation(db: Db, side: Side, token: string): Promise<Row | null> {
	const person = side === 'agency' ? sql`s.id IS NOT NULL AND s.active` : sql`k.id IS NOT NULL AND k.active`;
	const [row] = await db.execute<Row>(sql`
		SELECT i.id, i.agency_id, i.staff_id, i.contact_id, k.client_id, coalesce(s.name, k.name) AS name,
			coalesce(s.email, k.email) AS email, a.name AS agency, c.name AS client
		FROM invitation i JOIN agency a ON a.id = i.agency_id LEFT JOIN staff s ON s.id = i.staff_id
		LEFT JOIN contact k ON k.id = i.contact_id LEFT JOIN client c ON c.id = k.client_id
		WHERE i.token_hash = ${hashSecret(token)} AND i.used_at IS NULL AND i.expires_at > clock_timestamp() AND ${person}
			AND (c.id IS NULL OR c.status = 'active')
			AND NOT EXISTS (SELECT FROM ${tableOf(side, 'account')} x WHERE x.user_id = coalesce(s.id, k.id))`);
	return row ?? null;
}

const GONE = 'This invitation was used, has run out or is not the whole link. Ask for a new one.';

/** @returns null for a link that does not work (any more) */
export const readInvitation =
	({ db }: { db: Db }) =>
	async (side: Side, token: string): Promise<OpenInvitation | null> => {
		const row = await findInvitation(db, side, token);
		return row && { name: row.name, email: row.email, agency: row.agency, client: row.client };
	};

function personOf(row: Row): ClientActor | StaffActor {
	const { agency_id: agencyId, staff_id: staffId, contact_id: contactId, client_id: clientId } = row;
	// The invitation stands for a session: whoever holds it is the person it names, for this one change.
	if (staffId) return { kind: 'staff', agencyId, staffId, sessionId: row.id };
	if (!contactId || !clientId) throw new AppError('not_found', GONE);
	return { kind: 'client', agencyId, clientId, contactId };
}

async function useInvitation(tx: Tx, id: string): Promise<void> {
	// One statement decides: of two people who press at once, one finds it unused.
	const used = await tx.execute(sql`UPDATE invitation SET used_at = clock_timestamp()
		WHERE id = ${id} AND used_at IS NULL AND expires_at > clock_timestamp() RETURNING id`);
	if (used.length === 0) throw new AppError('not_found', GONE);
}

type Dependencies = { db: Db; act: Act; newId(): string; hashPassword(password: string): Promise<string> };

/** @throws AppError `not_found` for a link that does not work (any more) */
export const acceptInvitation =
	({ db, act, newId, hashPassword }: Dependencies) =>
	async (
		side: Side,
		{ token, password }: { token: string; password: string },
		origin: Origin
	): Promise<void> => {
		const row = await findInvitation(db, side, token);
		if (!row) throw new AppError('not_found', GONE);
		const hash = await hashPassword(password);
		const actor = personOf(row);
		const id = row.staff_id ?? (row.contact_id as string);
		const subject = { type: side === 'agency' ? 'staff' : 'contact', id, label: row.name };
		const action = side === 'agency' ? 'staff.credentials_changed' : 'credentials.changed';
		await act(actor, { action, subject, origin }, async (tx) => {
			await useInvitation(tx, row.id);
			await storePassword(tx, { side, id, accountId: newId() }, hash, null);
			return { value: undefined, details: { what: 'invitation accepted' } };
		});
	};
