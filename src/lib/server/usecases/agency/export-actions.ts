// The filtered action log as CSV, with each row's hash, so that what was taken away can be held against the chain. That
// it was taken stands in the log before the first row is sent.
import { sql, type SQL } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { csvStream, csvTime, type Cell } from '../csv/csv-lines.ts';
import { actionsWhere, type ActionFilters } from './action-filter.ts';
import { SELECT_ACTION, toActionRow, type StoredAction } from './action-row.ts';

const ROWS_AT_ONCE = 1_000;

const HEAD = [
	'Row',
	'When',
	'Client',
	'Contact',
	'Actor',
	'Staff member',
	'Action',
	'Outcome',
	'Refusal',
	'Subject',
	'Subject type',
	'Subject ID',
	'Impersonation',
	'Ticket',
	'Hash',
	'Steered by',
	'Control held by'
];
const ACTORS = {
	staff: 'Staff member',
	client: 'Contact',
	impersonation: 'Staff member as contact',
	system: 'Switchback'
} as const;

type Hashed = StoredAction & { hash: string };

function cellsOf(stored: Hashed): Cell[] {
	const row = toActionRow(stored);
	return [
		row.seq,
		csvTime(row.at),
		row.client?.name ?? null,
		row.contact,
		ACTORS[row.actorKind],
		row.staff,
		row.title,
		row.outcome,
		row.refusal,
		row.subject?.label ?? null,
		row.subject?.type ?? null,
		row.subject?.id ?? null,
		row.impersonation?.id ?? null,
		row.impersonation?.ticket ?? null,
		stored.hash,
		row.steeredBy,
		row.heldBy
	];
}

async function* batches(db: Db, filter: SQL, upTo: string): AsyncGenerator<Cell[][]> {
	// Rows that come while it is read are left out, its own row too: the file is the log as it was asked for.
	for (let edge = sql`a.seq <= ${upTo}`; ;) {
		const rows = await db.execute<Hashed>(sql`
			WITH page AS MATERIALIZED (SELECT a.seq FROM action a WHERE ${filter} AND ${edge} ORDER BY a.seq DESC LIMIT ${ROWS_AT_ONCE})
			SELECT shown.*, encode(h.hash, 'hex') AS hash FROM (${SELECT_ACTION} WHERE a.seq IN (SELECT seq FROM page)) AS shown
			JOIN action h ON h.seq = shown.seq::bigint ORDER BY h.seq DESC`);
		yield rows.map(cellsOf);
		const last = rows.at(-1);
		if (!last || rows.length < ROWS_AT_ONCE) return;
		edge = sql`a.seq < ${last.seq}`;
	}
}

/** @throws AppError `not_allowed` without the permission `actions.read` (logged) */
export const exportActions =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, filters: ActionFilters, origin: Origin): Promise<ReadableStream<Uint8Array>> => {
		const { before: _before, after: _after, ...chosen } = filters;
		const upTo = await act(actor, { action: 'actions.exported', origin }, async (tx) => {
			const [head] = await tx.execute<{ seq: string }>(
				sql`SELECT seq::text AS seq FROM chain_head WHERE agency_id = ${actor.agencyId}`
			);
			const value = head?.seq ?? '0';
			return { value, details: { ...chosen, upToRow: value } };
		});
		return csvStream(HEAD, batches(db, actionsWhere(actor.agencyId, filters), upTo));
	};
