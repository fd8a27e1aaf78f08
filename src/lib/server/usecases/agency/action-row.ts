// A row of the action log as people read it, wherever it is shown.
import { sql } from 'drizzle-orm';
import { actionTitle } from '#domain/actions.ts';
import { ms } from './require-reader.ts';

export type ActionRow = {
	seq: string;
	at: number;
	action: string;
	title: string;
	outcome: 'done' | 'refused';
	refusal: string | null;
	actorKind: 'staff' | 'client' | 'impersonation' | 'system';
	staff: string | null;
	/** Who did it by control of the page. */
	steeredBy: string | null;
	/** Who had control meanwhile and, as far as is known, did not do it. */
	heldBy: string | null;
	client: { id: string; name: string } | null;
	contact: string | null;
	subject: { type: string; id: string | null; label: string | null } | null;
	impersonation: { id: string; startedAt: number | null; ticket: string | null } | null;
};

/**
 * Columns and joins; to be followed by WHERE. With more than eight relations (join_collapse_limit) the planner would keep
 * the joins as written and join the whole log before it looks for the page's rows: two names are looked up instead.
 */
export const SELECT_ACTION = sql`
	SELECT a.seq::text AS seq, ${ms('a.at')} AS at, a.action, a.outcome, a.refusal, a.actor_kind AS "actorKind",
		s.name AS staff, a.client_id, c.name AS client_name, k.name AS contact, a.subject_type, a.subject_id, a.impersonation_id,
		${ms('i.started_at')} AS started_at, i.ticket, d.details::json ->> 'subject' AS subject_label,
		d.details::json ->> 'mode' AS mode, d.details::json -> 'steeredBy' ->> 'name' AS steered_by,
		d.details::json -> 'heldBy' ->> 'name' AS held_by, (SELECT y.name FROM staff y WHERE y.id = i.staff_id) AS inside_staff,
		(SELECT z.name FROM contact z WHERE z.id = i.contact_id) AS inside_contact
	FROM action a LEFT JOIN action_details d ON d.seq = a.seq LEFT JOIN staff s ON s.id = a.actor_staff_id
	LEFT JOIN client c ON c.id = a.client_id AND c.agency_id = a.agency_id
	LEFT JOIN contact k ON k.id = a.contact_id AND k.agency_id = a.agency_id
	LEFT JOIN impersonation i ON i.id = a.impersonation_id`;

export type StoredAction = Pick<
	ActionRow,
	'seq' | 'at' | 'action' | 'outcome' | 'refusal' | 'actorKind' | 'staff' | 'contact'
> & {
	client_id: string | null;
	client_name: string | null;
	subject_type: string | null;
	subject_id: string | null;
	subject_label: string | null;
	impersonation_id: string | null;
	started_at: number | null;
	ticket: string | null;
	mode: string | null;
	steered_by?: string | null;
	held_by?: string | null;
	inside_staff: string | null;
	inside_contact: string | null;
};

const MODES: Record<string, string> = { act: 'Act', view: 'View only' };

/** "Changed mode to Act": what the name of the action alone leaves open. */
function titleOf({ action, mode }: StoredAction): string {
	const to = action === 'impersonation.mode_changed' && mode ? MODES[mode] : undefined;
	return to ? `${actionTitle(action)} to ${to}` : actionTitle(action);
}

/** An impersonation has no name of its own: it is who is whom. A start that was refused is about the contact. */
function labelOf(row: StoredAction): string | null {
	if (row.subject_label) return row.subject_label;
	const isStay = row.subject_type === 'impersonation' || row.action.startsWith('impersonation.');
	if (isStay && row.inside_staff) return `${row.inside_staff} as ${row.inside_contact ?? 'a contact'}`;
	// What is about the account itself names nothing of its own: its name stands in the row already.
	if (row.subject_type === 'client' && row.subject_id === row.client_id) return row.client_name;
	return row.subject_type === 'contact' && isStay ? row.contact : null;
}

/** From columns to what the page shows. */
export function toActionRow(row: StoredAction): ActionRow {
	const { seq, at, action, outcome, refusal, actorKind, staff, contact } = row;
	const isStay =
		row.subject_type === null && row.impersonation_id !== null && action.startsWith('impersonation.');
	const type = isStay ? 'impersonation' : row.subject_type;
	const id = isStay ? row.impersonation_id : row.subject_id;
	return {
		seq,
		at,
		action,
		outcome,
		refusal,
		actorKind,
		staff,
		steeredBy: row.steered_by ?? null,
		heldBy: row.held_by ?? null,
		contact,
		title: titleOf(row),
		client:
			row.client_id === null
				? null
				: {
						id: row.client_id,
						name: row.client_name ?? 'A client that is gone'
					},
		subject:
			type === null
				? null
				: {
						type,
						id,
						label: labelOf(row)
					},
		impersonation:
			row.impersonation_id === null
				? null
				: {
						id: row.impersonation_id,
						startedAt: row.started_at,
						ticket: row.ticket
					}
	};
}
