// The filtered list of clients as CSV. It leaves the product, so that it was taken, and what of it, stands in the log
// before the first row is sent.
import { sql, type SQL } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { csvStream, csvTime, type Cell } from '../csv/csv-lines.ts';
import { clientsWhere, type ClientFilters } from './client-list.ts';

/** Enough to keep the connection busy, few enough to hold in memory. */
const ROWS_AT_ONCE = 500;

const HEAD = [
	'Name',
	'Status',
	'Trade',
	'Website',
	'Phone',
	'Owner',
	'Owner’s email',
	'Assignees',
	'Open tasks',
	'Last impersonation',
	'Client since'
];

type Row = {
	id: string;
	key: string;
	name: string;
	status: string;
	industry: string | null;
	website: string | null;
	phone: string | null;
	owner: string | null;
	email: string | null;
	assignees: string;
	tasks: number;
	impersonated: number | null;
	since: number;
};

const readRows = (db: Db, filter: SQL, last: Row | undefined) =>
	db.execute<Row>(sql`
		SELECT c.id, lower(c.name) AS key, c.name, c.status, c.industry, c.website, c.phone, k.name AS owner, k.email,
			COALESCE((SELECT string_agg(s.name, '; ' ORDER BY s.name) FROM client_assignment x JOIN staff s ON s.id = x.staff_id
				WHERE x.client_id = c.id), '') AS assignees,
			(SELECT count(*)::int FROM task t WHERE t.client_id = c.id AND t.status = 'open' AND t.deleted_at IS NULL) AS tasks,
			(SELECT ${ms('i.started_at')} FROM impersonation i WHERE i.client_id = c.id AND i.started_at IS NOT NULL
				ORDER BY i.created_at DESC LIMIT 1) AS impersonated, ${ms('c.created_at')} AS since
		FROM client c LEFT JOIN contact k ON k.client_id = c.id AND k.is_owner
		WHERE ${filter} ${last ? sql`AND (lower(c.name), c.id) > (${last.key}, ${last.id}::uuid)` : sql``}
		ORDER BY lower(c.name), c.id LIMIT ${ROWS_AT_ONCE}`);

const cellsOf = (row: Row): Cell[] => [
	row.name,
	row.status,
	row.industry,
	row.website,
	row.phone,
	row.owner,
	row.email,
	row.assignees,
	row.tasks,
	csvTime(row.impersonated),
	csvTime(row.since)
];

async function* batches(db: Db, filter: SQL): AsyncGenerator<Cell[][]> {
	for (let last: Row | undefined; ;) {
		const rows = await readRows(db, filter, last);
		yield rows.map(cellsOf);
		last = rows.at(-1);
		if (rows.length < ROWS_AT_ONCE) return;
	}
}

/** Always sorted by name. @throws AppError `not_allowed` without the permission `clients.export` (logged) */
export const exportClients =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, filters: ClientFilters, origin: Origin): Promise<ReadableStream<Uint8Array>> => {
		const filter = clientsWhere(actor, filters);
		await act(actor, { action: 'clients.exported', origin }, async (tx) => {
			const [count] = await tx.execute<{ total: number }>(
				sql`SELECT count(*)::int AS total FROM client c WHERE ${filter}`
			);
			const { q, status, assignee } = filters;
			return { value: undefined, details: { rows: count?.total ?? 0, q, status, assignee } };
		});
		return csvStream(HEAD, batches(db, filter));
	};
