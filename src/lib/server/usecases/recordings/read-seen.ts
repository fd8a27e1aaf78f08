// The rows of an answer to a search over what was seen: recordings, and the moments of each.
import { sql } from 'drizzle-orm';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import type { Tx } from '#server/db/types.ts';
import { MAX_ROWS, SEEN_PAGE_SIZE, type SeenWhere } from './seen-filters.ts';

const ms = (column: string) => sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);
const planned = sql.raw(PLANNED_ANEW);

export type FoundRow = {
	id: string;
	client: string;
	contact: string;
	staff: string;
	startedAt: number;
	isRunning: boolean;
	/** Recordings in all, and rows of the index. */
	total: number;
	rows: number;
};

/** The latest rows that are asked whether a word is frequent, and how many of them make it so. */
const ASKED = 2_000;
const FREQUENT = 40;

/**
 * Words are looked up in their index, and what was found is sorted by time; of a word on every other screen that would be most of
 * the table. The planner takes words for independent of each other and does not see it coming, so the latest rows are asked first.
 */
async function withPlan<T>(tx: Tx, { within, all }: SeenWhere, read: () => Promise<T>): Promise<T> {
	const [row] = await tx.execute<{ n: number }>(sql`
		WITH latest AS MATERIALIZED (SELECT ${planned} s.id, s.agency_id, s.impersonation_id, s.from_at, s.words FROM seen_text s
			WHERE ${within} ORDER BY s.from_at DESC, s.id DESC LIMIT ${sql.raw(String(ASKED))})
		SELECT count(*)::int AS n FROM latest s WHERE ${all}`);
	if ((row?.n ?? 0) < FREQUENT) return read();
	// Without sorting there is only one way left: from the latest row back, until there are enough.
	await tx.execute(sql`SET LOCAL enable_sort = off`);
	const answer = await read();
	await tx.execute(sql`SET LOCAL enable_sort = on`);
	return answer;
}

/** One page of recordings in which it stands, the one that showed it last first. */
export async function readFound(tx: Tx, where: SeenWhere, page: number): Promise<FoundRow[]> {
	const find = () =>
		tx.execute<FoundRow>(sql`
		WITH hit AS MATERIALIZED (SELECT ${planned} s.id, s.impersonation_id, s.from_at FROM seen_text s WHERE ${where.all}
				ORDER BY s.from_at DESC, s.id DESC LIMIT ${sql.raw(String(MAX_ROWS + 1))}),
			found AS (SELECT impersonation_id AS id, max(from_at) AS latest, count(*) OVER ()::int AS total,
				(SELECT count(*)::int FROM hit) AS rows FROM hit GROUP BY impersonation_id
				ORDER BY latest DESC, impersonation_id LIMIT ${SEEN_PAGE_SIZE} OFFSET ${(page - 1) * SEEN_PAGE_SIZE})
		SELECT i.id, c.name AS client, k.name AS contact, p.name AS staff,
			${ms('COALESCE(i.started_at, i.created_at)')} AS "startedAt", i.state = 'active' AS "isRunning", f.total, f.rows
		FROM found f JOIN impersonation i ON i.id = f.id JOIN client c ON c.id = i.client_id
		JOIN contact k ON k.id = i.contact_id JOIN staff p ON p.id = i.staff_id
		ORDER BY f.latest DESC, i.id`);
	return [...(await withPlan(tx, where, find))];
}

export type MomentRow = {
	id: string;
	recording: string;
	fromAt: number;
	/** What the server knew the page or record by when it was opened; null where it was told no name. */
	label: string | null;
	address: string;
	lines: string;
	gone: (number | null)[];
	/** Moments of its recording in all. */
	count: number;
};

/** Moments of these recordings, in order; of each the first so many. */
export async function readMoments(
	tx: Tx,
	where: SeenWhere,
	of: { recordings: readonly string[]; each: number }
): Promise<MomentRow[]> {
	const ids = JSON.stringify(of.recordings);
	const rows = await tx.execute<MomentRow>(sql`
		WITH own AS MATERIALIZED (SELECT s.id, s.agency_id, s.impersonation_id, s.from_at, s.words FROM seen_text s
				WHERE s.impersonation_id IN (SELECT value::uuid FROM jsonb_array_elements_text(${ids}::text::jsonb))),
			moment AS MATERIALIZED (SELECT ${planned} s.id, row_number() OVER w AS n,
				count(*) OVER (PARTITION BY s.impersonation_id)::int AS count FROM own s WHERE ${where.all}
			WINDOW w AS (PARTITION BY s.impersonation_id ORDER BY s.from_at, s.id))
		SELECT s.id::text AS id, s.impersonation_id AS recording, ${ms('s.from_at')} AS "fromAt",
			v.subject_label AS label, COALESCE(v.address, g.address) AS address, s.lines, s.gone, m.count
		FROM moment m JOIN seen_text s ON s.id = m.id JOIN page g ON g.id = s.page_id
		LEFT JOIN LATERAL (SELECT v.address, v.subject_label FROM view v WHERE v.impersonation_id = s.impersonation_id AND v.page_id = s.page_id
			AND v.kind <> 'file' AND v.at <= s.from_at ORDER BY v.at DESC LIMIT 1) v ON true
		WHERE m.n <= ${of.each}::int ORDER BY s.from_at, s.id`);
	return [...rows];
}
