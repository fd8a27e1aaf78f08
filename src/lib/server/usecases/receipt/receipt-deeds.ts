// What was done inside, each deed with whether it can be taken back: read from the log alone [D3].
import { sql } from 'drizzle-orm';
import { ACTIONS, actionTitle, isActionName, type ActionName } from '#domain/actions.ts';
import { undoState, UNDO_ACTIONS, UNDO_WAYS, type Done, type UndoState } from '#domain/receipt.ts';
import type { StaffStanding } from '#server/db/standing.ts';
import type { Reader } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { INSIDE } from '../portal/access-rows.ts';
import type { Head } from './receipt-head.ts';

/** Far above what a person does in an hour. */
const MAX_DEEDS = 200;

export type ReceiptDeed = {
	seq: string;
	at: number;
	action: string;
	title: string;
	label: string | null;
	subjectType: string | null;
	subjectId: string | null;
	/** Why it was refused; null where it was done. */
	refusal: string | null;
	undo: UndoState;
	/** On the button; null where this staff member has no way to take it back. */
	undoLabel: string | null;
};

type Row = {
	seq: string;
	at: number;
	action: string;
	outcome: 'done' | 'refused';
	refusal: string | null;
	label: string | null;
	subject_type: string | null;
	subject_id: string | null;
};

const names = (all: readonly ActionName[]) =>
	sql.join(
		all.map((name) => sql`${name}`),
		sql`, `
	);

/** What became of the same things, from the first of them on. */
async function readSince(reader: Reader, { id }: Head): Promise<Done[]> {
	const rows = await reader.execute<Done>(sql`
		SELECT l.seq::text AS seq, l.action, l.subject_id AS "subjectId" FROM action l
		JOIN (SELECT a.subject_id, min(a.seq) AS first FROM action a WHERE a.impersonation_id = ${id}
			AND a.actor_kind = 'impersonation' AND a.outcome = 'done' AND a.action IN (${names(UNDO_ACTIONS)})
			GROUP BY a.subject_id) d ON d.subject_id = l.subject_id AND l.seq >= d.first
		WHERE l.outcome = 'done' AND l.action IN (${names(UNDO_ACTIONS)}) ORDER BY l.seq`);
	return [...rows];
}

/**
 * Of what was made inside, the things that others have worked on since: a client's file lies in the folder, their comment at the
 * task. Attack on the client, by a slip: taking the thing back would take theirs along.
 */
async function readShared(reader: Reader, { id }: Head): Promise<ReadonlySet<string>> {
	const rows = await reader.execute<{ id: string }>(sql`
		WITH RECURSIVE made AS (SELECT DISTINCT a.subject_id AS id FROM action a WHERE a.impersonation_id = ${id}
				AND a.actor_kind = 'impersonation' AND a.outcome = 'done' AND a.action IN ('task.created', 'folder.created')),
			below AS (SELECT id AS top, id FROM made
				UNION SELECT b.top, f.id FROM folder f JOIN below b ON f.parent_id = b.id WHERE f.deleted_at IS NULL)
		SELECT m.id FROM made m WHERE EXISTS (SELECT FROM below b JOIN file f ON f.folder_id = b.id OR f.task_id = b.id
				WHERE b.top = m.id AND f.deleted_at IS NULL AND f.impersonation_id IS DISTINCT FROM ${id})
			OR EXISTS (SELECT FROM task_comment c WHERE c.task_id = m.id AND c.impersonation_id IS DISTINCT FROM ${id})
			OR EXISTS (SELECT FROM below b JOIN action a ON a.subject_id = b.id WHERE b.top = m.id AND a.outcome = 'done'
				AND a.impersonation_id IS DISTINCT FROM ${id} AND a.action NOT IN (${names(UNDO_ACTIONS)}))`);
	return new Set(rows.map((row) => row.id));
}

type Since = { done: readonly Done[]; shared: ReadonlySet<string> };

function undoOf(row: Row, { done, shared }: Since): UndoState {
	if (!isActionName(row.action) || row.outcome === 'refused') return 'none';
	const state = undoState({ seq: row.seq, action: row.action, subjectId: row.subject_id }, done);
	const isMaking = UNDO_WAYS[row.action]?.again !== undefined;
	return state === 'open' && isMaking && shared.has(row.subject_id ?? '') ? 'none' : state;
}

function toDeed(row: Row, since: Since, standing: StaffStanding): ReceiptDeed {
	const name = isActionName(row.action) ? row.action : null;
	const way = name ? UNDO_WAYS[name] : undefined;
	const permission = way && ACTIONS[way.by].permission;
	return {
		seq: row.seq,
		at: row.at,
		action: row.action,
		title: actionTitle(row.action, row.outcome),
		label: row.label,
		subjectType: row.subject_type,
		subjectId: row.subject_id,
		refusal: row.refusal,
		undo: undoOf(row, since),
		undoLabel: way && permission && standing.permissions.has(permission) ? way.label : null
	};
}

/** Oldest first. */
export async function readDeeds(reader: Reader, head: Head, standing: StaffStanding): Promise<ReceiptDeed[]> {
	const [rows, done, shared] = await Promise.all([
		reader.execute<Row>(sql`
			WITH i AS (SELECT ${head.id}::uuid AS id)
			SELECT a.seq::text AS seq, ${ms('a.at')} AS at, a.action, a.outcome, a.refusal, x.details::jsonb ->> 'subject' AS label,
				a.subject_type, a.subject_id
			FROM i, action a LEFT JOIN action_details x ON x.seq = a.seq WHERE ${INSIDE} ORDER BY a.seq LIMIT ${MAX_DEEDS}`),
		readSince(reader, head),
		readShared(reader, head)
	]);
	return rows.map((row) => toDeed(row, { done, shared }, standing));
}

/** One of them, by its number in the log. */
export const readDeed = async (
	reader: Reader,
	head: Head,
	standing: StaffStanding,
	seq: string
): Promise<ReceiptDeed | undefined> =>
	(await readDeeds(reader, head, standing)).find((deed) => deed.seq === seq);
