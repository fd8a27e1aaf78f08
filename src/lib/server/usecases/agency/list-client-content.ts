// A client's tasks and files as staff look them up on Client Details. Reading only: to change them, staff
// impersonate a contact.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { ms, PAGE_SIZE, requireClient } from './require-reader.ts';

type Paged<Row> = { rows: Row[]; total: number };

export type StaffTaskRow = {
	id: string;
	title: string;
	status: 'open' | 'done';
	waitingOn: 'client' | 'agency';
	dueOn: string | null;
	overdue: boolean;
	createdAt: number;
	/** The contact under whose account it stands, or null for the agency's own. */
	contact: string | null;
	/** The staff member who really made it, or null. */
	staff: string | null;
};
export type StaffFileRow = {
	id: string;
	name: string;
	folder: string | null;
	mediaType: string;
	bytes: number;
	createdAt: number;
	contact: string | null;
	staff: string | null;
};

const offset = (page: number): number => (page - 1) * PAGE_SIZE;

const readTasks = (db: Db, clientId: string, page: number) =>
	db.execute<StaffTaskRow & { total: number }>(sql`
		SELECT t.id, t.title, t.status, t.waiting_on AS "waitingOn", t.due_on::text AS "dueOn",
			t.status = 'open' AND t.due_on < current_date AS overdue, ${ms('t.created_at')} AS "createdAt",
			k.name AS contact, s.name AS staff, count(*) OVER ()::int AS total
		FROM task t LEFT JOIN contact k ON k.id = t.made_by_contact_id LEFT JOIN staff s ON s.id = t.made_by_staff_id
		WHERE t.client_id = ${clientId} ORDER BY t.status = 'done', t.created_at DESC, t.id
		LIMIT ${PAGE_SIZE} OFFSET ${offset(page)}`);

const readFiles = (db: Db, clientId: string, page: number) =>
	db.execute<StaffFileRow & { total: number }>(sql`
		SELECT f.id, f.name, d.name AS folder, f.media_type AS "mediaType", f.bytes::float8 AS bytes,
			${ms('f.created_at')} AS "createdAt", k.name AS contact, s.name AS staff, count(*) OVER ()::int AS total
		FROM file f LEFT JOIN folder d ON d.id = f.folder_id
		LEFT JOIN contact k ON k.id = f.made_by_contact_id LEFT JOIN staff s ON s.id = f.made_by_staff_id
		WHERE f.client_id = ${clientId} AND f.deleted_at IS NULL AND f.task_id IS NULL
		ORDER BY f.created_at DESC, f.id LIMIT ${PAGE_SIZE} OFFSET ${offset(page)}`);

const paged = <Row>(rows: readonly (Row & { total: number })[]): Paged<Row> => ({
	rows: [...rows],
	total: rows[0]?.total ?? 0
});

/** The lists of one client; each throws AppError `not_found` for another agency's client too. */
export const listClientContent = ({ db }: { db: Db }) => ({
	tasks: async (actor: StaffActor, clientId: string, page: number): Promise<Paged<StaffTaskRow>> => {
		await requireClient(db, actor, clientId);
		return paged(await readTasks(db, clientId, page));
	},
	files: async (actor: StaffActor, clientId: string, page: number): Promise<Paged<StaffFileRow>> => {
		await requireClient(db, actor, clientId);
		return paged(await readFiles(db, clientId, page));
	}
});
