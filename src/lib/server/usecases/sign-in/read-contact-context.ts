// Whose portal is shown: the same context whether the contact signed in or a staff member impersonates them.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId, ContactId } from '#domain/ids.ts';
import type { PortalSetup, PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';

export type ContactContext = {
	contact: { id: ContactId; name: string; email: string; isOwner: boolean };
	client: { id: ClientId; name: string };
	agency: { id: AgencyId; name: string; accent: string | null; logo: string | null };
	/** What `portalMenu` and `decide` ask. */
	view: PortalView;
};

type Row = {
	agency_id: AgencyId;
	agency_name: string;
	accent: string | null;
	logo_key: string | null;
	client_id: ClientId;
	client_name: string;
	name: string;
	email: string;
	is_owner: boolean;
	rights: string[];
	agency_setup: PortalSetup;
	client_setup: PortalSetup;
};

/** @returns null when the contact or the client is not active */
export const readContactContext =
	({ db }: { db: Db }) =>
	async (contactId: ContactId): Promise<ContactContext | null> => {
		const [row] = await db.execute<Row>(sql`
			SELECT a.id AS agency_id, a.name AS agency_name, a.accent, a.logo_key, c.id AS client_id, c.name AS client_name, k.name, k.email,
				k.is_owner, k.rights, a.portal_setup AS agency_setup, c.portal_setup AS client_setup
			FROM contact k JOIN client c ON c.id = k.client_id JOIN agency a ON a.id = c.agency_id
			WHERE k.id = ${contactId} AND k.active AND c.status = 'active'`);
		if (!row) return null;
		return {
			contact: { id: contactId, name: row.name, email: row.email, isOwner: row.is_owner },
			client: { id: row.client_id, name: row.client_name },
			agency: { id: row.agency_id, name: row.agency_name, accent: row.accent, logo: row.logo_key },
			view: {
				agency: row.agency_setup,
				client: row.client_setup,
				contact: { isOwner: row.is_owner, rights: row.rights }
			}
		};
	};
