// When a person signed in and out lately, from where: what they look at when they fear that it was not them.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import { epochMs } from '../portal/scope.ts';
import { deviceName } from './device-name.ts';
import { personId, type AccountActor } from './own-account.ts';

export type SignIn = {
	seq: string;
	isIn: boolean;
	at: number;
	device: string;
	address: string | null;
	secondFactor: boolean;
};

/** A page's worth: the whole is in the agency's log. */
const SHOWN = 10;

type Row = { seq: string; action: string; at: string; details: string | null };
type Details = { ip?: string | null; userAgent?: string | null; secondFactor?: boolean };

function shown({ seq, action, at, details }: Row): SignIn {
	// Erased details leave the row: that somebody signed in stays true.
	const { ip, userAgent, secondFactor } = JSON.parse(details ?? '{}') as Details;
	return {
		seq,
		isIn: action.endsWith('_in'),
		at: Number(at),
		device: deviceName(userAgent ?? null),
		address: ip ?? null,
		secondFactor: secondFactor === true
	};
}

/** The person's own; staff who impersonate see the contact's, as the contact does. */
export const listSignIns =
	({ db }: { db: Db }) =>
	async (actor: AccountActor): Promise<SignIn[]> => {
		const rows = await db.execute<Row>(sql`
			SELECT a.seq::text AS seq, a.action, ${epochMs('a.at')} AS at, d.details
			FROM action a LEFT JOIN action_details d ON d.seq = a.seq
			WHERE a.subject_id = ${personId(actor)} AND a.agency_id = ${actor.agencyId} AND a.outcome = 'done'
				AND a.action IN ('session.signed_in', 'session.signed_out', 'staff.signed_in', 'staff.signed_out')
			ORDER BY a.seq DESC LIMIT ${SHOWN}`);
		return rows.map(shown);
	};
