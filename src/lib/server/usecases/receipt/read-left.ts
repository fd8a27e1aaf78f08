// The line on Client Details after Switch Back: whom one just left there. Read from what is stored and not from the address,
// since Switch Back leads to exactly the page one came from; it goes by itself, or once the receipt has its note
// and no mail waits for a decision.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import { UNDO_MINUTES } from '#domain/undo.ts';
import type { Db } from '#server/db/types.ts';
import { isHeld } from './held-mails.ts';
import { DONE_INSIDE, PAGES_SEEN, sentenceOf } from '../portal/access-rows.ts';
import type { Reason } from '#domain/modes-and-reasons.ts';

export type Left = { id: string; contact: string; sentence: string; /** Mails that wait. */ held: number };

type Row = {
	id: string;
	contact: string;
	reason: Reason;
	ticket: string | null;
	pages: number;
	changed: string[] | null;
	held: number;
};

/** @returns null when there is nothing to look over */
export const readLeft =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string): Promise<Left | null> => {
		if (!isUuid(clientId)) return null;
		const [row] = await db.execute<Row>(sql`
			SELECT i.id, k.name AS contact, i.reason, i.ticket, ${PAGES_SEEN} AS pages, ${DONE_INSIDE} AS changed,
				(SELECT count(*)::int FROM mail m WHERE m.held_for = i.id AND ${isHeld('m')}) AS held
			FROM (SELECT * FROM impersonation WHERE staff_id = ${actor.staffId} AND ended_at IS NOT NULL
				ORDER BY ended_at DESC LIMIT 1) i
			JOIN contact k ON k.id = i.contact_id
			WHERE i.client_id = ${clientId} AND i.agency_id = ${actor.agencyId} AND i.started_at IS NOT NULL
				AND (EXISTS (SELECT FROM mail m WHERE m.held_for = i.id AND ${isHeld('m')})
					OR (i.ended_at > clock_timestamp() - make_interval(mins => ${UNDO_MINUTES})
						AND NOT EXISTS (SELECT FROM receipt r WHERE r.impersonation_id = i.id)))`);
		if (!row) return null;
		const { id, contact, held, ...visit } = row;
		return { id, contact, held, sentence: sentenceOf({ ...visit, staff: 'You', ended: true }) };
	};
