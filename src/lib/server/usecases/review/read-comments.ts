// What people wrote at the moments of a recording, with its answers, and the reader's own bookmarks.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Db, Reader } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId, requirePermission } from '../recordings/require-permission.ts';

/** More on one recording nobody reads; the oldest in its order are shown. */
const MAX_COMMENTS = 1_000;

const REMOVED = 'Removed by its author.';

/** `isRemoved`: its author took it back after others had answered; the body says so. `isOwn`: the reader can take it back. */
export type Answer = {
	id: string;
	body: string;
	by: string;
	isOwn: boolean;
	isRemoved: boolean;
	writtenAt: number;
};
export type Comment = Answer & {
	/** ms since the recording's start. */
	at: number;
	/** Shares of the screen's width and height. */
	place: { x: number; y: number } | null;
	answers: Answer[];
};
export type Bookmark = { at: number; label: string };
export type Notes = { comments: Comment[]; bookmarks: Bookmark[] };

type Row = Omit<Answer, 'isRemoved'> & {
	parentId: string | null;
	at: number;
	x: number | null;
	y: number | null;
};

function threadsOf(rows: readonly Row[]): Comment[] {
	const answer = ({ id, body, by, isOwn, writtenAt }: Row): Answer => {
		const isRemoved = body === '';
		return { id, body: isRemoved ? REMOVED : body, by, isOwn: isOwn && !isRemoved, isRemoved, writtenAt };
	};
	const answers = Map.groupBy(rows, ({ parentId }) => parentId);
	return (answers.get(null) ?? []).map((row) => ({
		...answer(row),
		at: row.at,
		place: row.x === null || row.y === null ? null : { x: row.x, y: row.y },
		answers: (answers.get(row.id) ?? []).toSorted((a, b) => a.writtenAt - b.writtenAt).map(answer)
	}));
}

/** In the order of the recording. Permission and agency of the recording are the callers'. */
export async function readNotesOf(reader: Reader, actor: StaffActor, id: string): Promise<Notes> {
	const [rows, bookmarks] = await Promise.all([
		reader.execute<Row>(sql`
			SELECT m.id, m.parent_id AS "parentId", m.at_ms AS at, m.place_x AS x, m.place_y AS y, m.body, s.name AS by,
				m.written_by = ${actor.staffId} AS "isOwn", ${ms('m.written_at')} AS "writtenAt"
			FROM recording_comment m JOIN staff s ON s.id = m.written_by
			WHERE m.impersonation_id = ${id} AND m.agency_id = ${actor.agencyId}
			ORDER BY m.at_ms, m.written_at LIMIT ${MAX_COMMENTS}`),
		reader.execute<Bookmark>(sql`
			SELECT at_ms AS at, label FROM recording_bookmark
			WHERE impersonation_id = ${id} AND agency_id = ${actor.agencyId} AND staff_id = ${actor.staffId}
			ORDER BY at_ms LIMIT ${MAX_COMMENTS}`)
	]);
	return { comments: threadsOf(rows), bookmarks: [...bookmarks] };
}

/** @throws AppError `not_allowed` without the permission `review`; `not_found` */
export const readNotes =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, input: { impersonationId: string }): Promise<Notes> => {
		await requirePermission(db, actor, 'review');
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		return readNotesOf(db, actor, head.id);
	};
