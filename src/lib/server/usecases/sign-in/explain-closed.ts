// Why somebody who typed the right password is not let in, and whom to ask. Only ever told after the password was right:
// whoever guesses learns nothing of an account.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';

type Row = {
	name: string;
	status: 'active' | 'inactive' | 'archived';
	active: boolean;
	agency: string;
	owner: string | null;
};

/** @returns the sentence, or null where nothing keeps them out (any more) */
export const explainClosed =
	({ db }: { db: Db }) =>
	async (email: string): Promise<string | null> => {
		const [row] = await db.execute<Row>(sql`
			SELECT c.name, c.status, k.active, a.name AS agency,
				(SELECT o.name FROM contact o WHERE o.client_id = c.id AND o.is_owner AND o.active AND o.id <> k.id) AS owner
			FROM contact k JOIN client c ON c.id = k.client_id JOIN agency a ON a.id = c.agency_id
			WHERE k.email = ${email.trim().toLowerCase()}`);
		if (row?.status === 'archived')
			return `The account of ${row.name} was closed, so nobody signs in to it. Ask ${row.agency}.`;
		if (row?.status === 'inactive')
			return `The account of ${row.name} is not active at the moment, so nobody signs in to it. Ask ${row.agency}.`;
		if (row?.active === false)
			return `Your access to the account of ${row.name} was taken away. Ask ${row.owner ? `${row.owner}, or ` : ''}${row.agency}.`;
		return null;
	};
