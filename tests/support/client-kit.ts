// The use cases around clients over a test database, and what tests read back of the log and of mails.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import { assignClient, assignOne } from '#server/usecases/clients/assign-client.ts';
import { changeClientStatus } from '#server/usecases/clients/change-client-status.ts';
import { changeClients } from '#server/usecases/clients/change-clients.ts';
import { changeContactRights } from '#server/usecases/clients/change-contact-rights.ts';
import { changeContactState } from '#server/usecases/clients/change-contact-state.ts';
import { readClientStorage } from '#server/usecases/clients/client-storage.ts';
import {
	createClient,
	createClientInput,
	type CreateClientInput
} from '#server/usecases/clients/create-client.ts';
import { editClient } from '#server/usecases/clients/edit-client.ts';
import { editContact } from '#server/usecases/clients/edit-contact.ts';
import { exportClients } from '#server/usecases/clients/export-clients.ts';
import { inviteContact, reinviteContact } from '#server/usecases/clients/invite-contact.ts';
import { endResting } from '#server/usecases/impersonation/end-resting.ts';
import { impersonationKit, testIds } from './impersonate.ts';

export const testInvite = {
	ids: testIds,
	agencyOrigin: 'http://agency.test',
	portalOrigin: 'http://portal.test'
};

export function clientKit(db: Db) {
	const { act, end } = impersonationKit(db);
	const ending = endResting({ db, end });
	const changeStatus = changeClientStatus({ act, endResting: ending });
	return {
		create: createClient({ act, invite: testInvite }),
		edit: editClient({ act }),
		readStorage: readClientStorage({ db }),
		changeStatus,
		assign: assignClient({ act }),
		changeMany: changeClients({ changeStatus, assignOne: assignOne({ act }) }),
		exportList: exportClients({ act, db }),
		inviteContact: inviteContact({ act, invite: testInvite }),
		reinviteContact: reinviteContact({ act, invite: testInvite }),
		editContact: editContact({ act, invite: testInvite }),
		changeContactRights: changeContactRights({ act, invite: testInvite }),
		changeContactState: changeContactState({ act, endResting: ending })
	};
}

/** What the form of a new client sends. */
export const formOf = (more: Partial<Record<keyof CreateClientInput, unknown>>): CreateClientInput =>
	createClientInput.parse({ name: 'Fir', ownerName: 'Flo Fir', ownerEmail: 'flo@fir.test', ...more });

type LoggedAction = {
	action: string;
	outcome: string;
	refusal: string | null;
	client_id: string | null;
	subject_id: string | null;
	details: Record<string, unknown>;
};

export async function lastAction(db: Db): Promise<LoggedAction | undefined> {
	const [row] =
		await db.execute<LoggedAction>(sql`SELECT a.action, a.outcome, a.refusal, a.client_id, a.subject_id,
		d.details::json AS details FROM action a JOIN action_details d ON d.seq = a.seq ORDER BY a.seq DESC LIMIT 1`);
	return row;
}

export const mailsTo = (db: Db, recipient: string) =>
	db.execute<{ subject: string; link: string }>(
		sql`SELECT subject, link FROM mail WHERE recipient = ${recipient} ORDER BY created_at`
	);
