// What was done with one task, out of the action log: refusals are the agency's and never shown to clients.
import { sql } from 'drizzle-orm';
import { actionTitle } from '#domain/actions.ts';
import type { TaskId } from '#domain/ids.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import type { Reader } from '#server/db/types.ts';
import type { Account } from '../portal/either-side.ts';
import { cutPart, partAt, type Part } from '../portal/part-pages.ts';
import { epochMs, type Maker } from '../portal/scope.ts';

export type Activity = {
	seq: string;
	at: number;
	/** "Completed task". */
	title: string;
	/** "Title and due date", for an edit. */
	what: string | null;
	maker: Maker;
	refused: boolean;
};

type Raw = {
	seq: string;
	at: string;
	action: string;
	outcome: 'done' | 'refused';
	contact: string | null;
	staff: string | null;
	details: { changed?: string[]; name?: string };
};

const FIELD_NAMES: Record<string, string> = {
	title: 'title',
	description: 'description',
	dueOn: 'due date',
	waitingOn: 'who it waits on',
	clientVisible: 'visibility',
	assigneeStaffId: 'who works on it'
};

const listed = (words: readonly string[]): string =>
	words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Which fields of an edit a contact may hear of. */
function shownFields(changed: readonly string[], view: PortalView | null): string[] {
	if (!view) return [...changed];
	return changed.filter((field) => {
		if (field === 'dueOn') return may('tasks.due_date', view, 'see');
		if (field === 'assigneeStaffId') return may('tasks.assignee', view, 'see');
		return field !== 'clientVisible';
	});
}

/** Null: not for this contact. `view` is null for staff, who see all. */
export function toActivity(row: Raw, view: PortalView | null): Activity | null {
	if (view && row.outcome === 'refused') return null;
	if (view && row.action === 'task.commented' && !may('tasks.comments', view, 'see')) return null;
	if (view && row.action === 'task.file_attached' && !may('tasks.attachments', view, 'see')) return null;
	const changed = row.details.changed ? shownFields(row.details.changed, view) : null;
	if (changed && changed.length === 0 && view) return null;
	const words = changed
		? listed(changed.map((field) => FIELD_NAMES[field] ?? field))
		: (row.details.name ?? null);
	return {
		seq: row.seq,
		at: Number(row.at),
		title: actionTitle(row.action, row.outcome),
		what: words || null,
		maker: { contact: row.contact, staff: row.staff },
		refused: row.outcome === 'refused'
	};
}

/** Newest first. A page of a contact may hold fewer than one of staff: what is not theirs is left out of it. */
export async function readActivity(
	reader: Reader,
	on: { account: Account; taskId: TaskId; view: PortalView | null; page?: number | undefined }
): Promise<Part<Activity>> {
	const rows = await reader.execute<Raw>(sql`
		SELECT a.seq::text AS seq, ${epochMs('a.at')} AS at, a.action, a.outcome, k.name AS contact, s.name AS staff,
			d.details::jsonb AS details
		FROM action a JOIN action_details d ON d.seq = a.seq
		LEFT JOIN contact k ON k.id = a.contact_id LEFT JOIN staff s ON s.id = a.actor_staff_id
		WHERE a.subject_id = ${on.taskId} AND a.subject_type = 'task' AND a.agency_id = ${on.account.agencyId}
			AND a.client_id = ${on.account.clientId} AND (${on.view === null}::boolean OR a.outcome = 'done')
		ORDER BY a.seq DESC ${partAt(on.page)}`);
	const part = cutPart(rows);
	return { ...part, rows: part.rows.flatMap((row) => toActivity(row, on.view) ?? []) };
}
