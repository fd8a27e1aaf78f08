// One visit of the agency as its client reads it: what the list and the single visit have in common. What the staff
// member noted for colleagues (details) is never read here.
import { sql } from 'drizzle-orm';
import { ACTIONS, isActionName } from '#domain/actions.ts';
import type { PortalActor } from '#domain/actor.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import { REASONS, type Mode, type Reason } from '#domain/modes-and-reasons.ts';
import { AREAS, type AreaKey } from '#domain/portal-elements.ts';
import { areaLabel, type PortalView } from '#domain/visibility.ts';
import { accessSentence } from './access-sentence.ts';
import { epochMs, ownRows } from './scope.ts';

export type AccessFacts = {
	id: ImpersonationId;
	staff: string;
	contact: string;
	startedAt: number;
	/** Null while it runs. */
	endedAt: number | null;
	/** In the order they were held, each switch counted. */
	modes: Mode[];
	reason: string;
	ticket: string | null;
	/** When the agency had somebody else look at the recording; null while nobody has. What they found is the agency's own affair. */
	reviewedAt: number | null;
	sentence: string;
	/** What the staff member wrote to the client once it was over. */
	note: string | null;
};

export type FactRow = {
	id: ImpersonationId;
	staff: string;
	contact: string;
	started_at: string;
	ended_at: string | null;
	mode: Mode;
	modes: Mode[] | null;
	reason: Reason;
	ticket: string | null;
	pages: number;
	changed: string[] | null;
	steerers: string[] | null;
	reviewed_at: string | null;
	note: string | null;
};

/** What was done inside; starting, ending and watching are the agency's own affairs. */
export const INSIDE = sql`a.impersonation_id = i.id AND a.actor_kind = 'impersonation' AND a.action NOT LIKE 'impersonation.%'`;

/** Every mode in the order it was held, as the log tells it. */
export const MODES_HELD = sql`(SELECT json_agg(x.details::jsonb ->> 'mode' ORDER BY a.seq)
	FROM action a JOIN action_details x ON x.seq = a.seq WHERE a.impersonation_id = i.id AND a.outcome = 'done'
	AND a.action IN ('impersonation.started', 'impersonation.mode_changed'))`;
/** Distinct pages that were shown. */
export const PAGES_SEEN = sql`(SELECT count(DISTINCT address)::int FROM view WHERE impersonation_id = i.id AND status < 400)`;
/** The names of all that was done. */
export const DONE_INSIDE = sql`(SELECT json_agg(a.action) FROM action a WHERE ${INSIDE} AND a.outcome = 'done')`;

/** The names of those who were given control in it. */
export const STEERERS = sql`(SELECT json_agg(DISTINCT x.details::jsonb ->> 'subject')::text::json
	FROM action a JOIN action_details x ON x.seq = a.seq
	WHERE a.impersonation_id = i.id AND a.action = 'impersonation.control_given' AND a.outcome = 'done')`;

const REVIEWED = sql`(SELECT ${epochMs('r.reviewed_at')} FROM review r WHERE r.impersonation_id = i.id)`;

/** The closing note, where it was written for the client. */
export const NOTE_TOLD = sql`(SELECT r.note FROM receipt r WHERE r.impersonation_id = i.id AND r.for_client)`;

export const FACT_COLUMNS = sql`i.id, s.name AS staff, k.name AS contact, i.mode, i.reason, i.ticket,
	${epochMs('i.started_at')} AS started_at, ${epochMs('i.ended_at')} AS ended_at,
	${MODES_HELD} AS modes, ${PAGES_SEEN} AS pages, ${DONE_INSIDE} AS changed, ${STEERERS} AS steerers, ${REVIEWED} AS reviewed_at,
	${NOTE_TOLD} AS note`;

export const FACT_TABLES = sql`impersonation i JOIN staff s ON s.id = i.staff_id JOIN contact k ON k.id = i.contact_id`;

/** Owners read of every visit to the account, other contacts of those made as them. */
export const visitsOf = (actor: PortalActor, view: PortalView) => sql`${ownRows(actor, 'i')}
	AND i.started_at IS NOT NULL AND ${view.contact.isOwner ? sql`true` : sql`i.contact_id = ${actor.contactId}`}`;

/** Without repeats: a switch to the mode one is in already is no switch. */
export function modesOf({ modes, mode }: Pick<FactRow, 'modes' | 'mode'>): Mode[] {
	const held = (modes ?? []).filter((one, index, all) => one !== null && one !== all[index - 1]);
	// Where the log's details were erased, the last mode is still known.
	return held.length > 0 ? held : [mode];
}

type Visit = Pick<FactRow, 'staff' | 'pages' | 'changed' | 'reason' | 'ticket'> & {
	steerers?: string[] | null;
	ended: boolean;
};

/** What was looked at and done, in the words that page and mail share. What was only prepared is no change yet. */
export function sentenceOf({ changed, ...visit }: Visit): string {
	const names = (changed ?? []).filter(isActionName);
	const prepared = names.filter((name) => name === 'draft.prepared').length;
	const kinds = (kind: 'change' | 'disclosure') => names.filter((name) => ACTIONS[name].kind === kind).length;
	const downloads = kinds('disclosure');
	return accessSentence({ ...visit, changes: kinds('change') - prepared, prepared, downloads });
}

export function toFacts(row: FactRow): AccessFacts {
	return {
		id: row.id,
		staff: row.staff,
		contact: row.contact,
		startedAt: Number(row.started_at),
		endedAt: row.ended_at === null ? null : Number(row.ended_at),
		modes: modesOf(row),
		reason: REASONS[row.reason],
		ticket: row.ticket,
		reviewedAt: row.reviewed_at === null ? null : Number(row.reviewed_at),
		sentence: sentenceOf({
			staff: row.staff,
			ended: row.ended_at !== null,
			pages: row.pages,
			changed: row.changed,
			steerers: row.steerers,
			reason: row.reason,
			ticket: row.ticket
		}),
		note: row.note
	};
}

/** Pages of the portal that are no area of their own, by the first part of their address. */
const OTHER_PAGES = { approvals: 'Approvals', notifications: 'Notifications' };

/** The names this client's portal gives its areas. */
export const labelsOf = (view: PortalView): Record<string, string> => ({
	...OTHER_PAGES,
	...Object.fromEntries((Object.keys(AREAS) as AreaKey[]).map((key) => [key, areaLabel(key, view)]))
});
