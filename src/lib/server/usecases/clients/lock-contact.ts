// A contact's row of a client that is locked already.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import { isUuid, type ContactId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import type { ClientRow } from './client-fields.ts';

export type LockedContact = {
	id: ContactId;
	name: string;
	email: string;
	jobTitle: string | null;
	phone: string | null;
	isOwner: boolean;
	rights: string[];
	active: boolean;
	/** Invited, and no password chosen yet. */
	pending: boolean;
};

/** @throws AppError `not_found` for another client's contact too */
export async function lockContact(tx: Tx, client: ClientRow, contactId: string): Promise<LockedContact> {
	const [row] = isUuid(contactId)
		? await tx.execute<LockedContact>(sql`
			SELECT k.id, k.name, k.email, k.job_title AS "jobTitle", k.phone, k.is_owner AS "isOwner", k.rights, k.active,
				NOT EXISTS (SELECT FROM contact_account x WHERE x.user_id = k.id) AS pending
			FROM contact k WHERE k.id = ${contactId} AND k.client_id = ${client.id} FOR UPDATE OF k`)
		: [];
	if (!row) throw new AppError('not_found', 'There is no such contact.');
	return row;
}
