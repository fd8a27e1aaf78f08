// Signing in and out as rows of the action log: who was there when is evidence too. An attempt that failed leaves none:
// anybody may try, as often as they like, and the log is not theirs to fill.
import { sql } from 'drizzle-orm';
import type { ClientActor, Origin, StaffActor } from '#domain/actor.ts';
import type { AgencyId, ClientId, ContactId, StaffId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Side } from '#server/sign-in/auth.ts';

type Person = { agencyId: AgencyId; clientId: ClientId | null; name: string };
type SignedIn = { userId: string; sessionId: string };

/** Only whom the pages behind would know: the others are told at the door, and were never in. */
async function readPerson(db: Db, side: Side, userId: string): Promise<Person | null> {
	const [row] = await db.execute<Person>(
		side === 'agency'
			? sql`SELECT s.agency_id AS "agencyId", NULL::uuid AS "clientId", s.name FROM staff s
				WHERE s.id = ${userId} AND s.active`
			: sql`SELECT k.agency_id AS "agencyId", k.client_id AS "clientId", k.name FROM contact k
				JOIN client c ON c.id = k.client_id WHERE k.id = ${userId} AND k.active AND c.status = 'active'`
	);
	return row ?? null;
}

function actorOf({ agencyId, clientId }: Person, { userId, sessionId }: SignedIn): ClientActor | StaffActor {
	if (clientId) return { kind: 'client', agencyId, clientId, contactId: userId as ContactId };
	return { kind: 'staff', agencyId, staffId: userId as StaffId, sessionId };
}

const ACTIONS_OF = {
	agency: { in: 'staff.signed_in', out: 'staff.signed_out' },
	portal: { in: 'session.signed_in', out: 'session.signed_out' }
} as const;

/** @param came `in`, with a second factor or not, or `out` */
export const noteSession =
	({ act, db }: { act: Act; db: Db }) =>
	async (
		side: Side,
		signedIn: SignedIn,
		came: { what: 'in' | 'out'; secondFactor?: boolean },
		origin: Origin
	): Promise<void> => {
		const person = await readPerson(db, side, signedIn.userId);
		if (!person) return;
		const type = side === 'agency' ? 'staff' : 'contact';
		const subject = { type, id: signedIn.userId, label: person.name };
		const details = came.secondFactor ? { secondFactor: true } : {};
		await act(
			actorOf(person, signedIn),
			{ action: ACTIONS_OF[side][came.what], subject, origin },
			// Nothing else changes: the library has made or ended the session in its own tables.
			() => Promise.resolve({ value: undefined, details })
		);
	};
