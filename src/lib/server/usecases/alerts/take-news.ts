// Goes through an agency's log from where it was left. Tallies, what was found and the place go in one transaction: killed in
// between, it begins again at the same row and nothing was counted; so no row is missed and none counts twice.
import { sql } from 'drizzle-orm';
import {
	bucketOf,
	firstBucket,
	judgeRows,
	parseAlertRules,
	type FoundAlert,
	type Tally
} from '#domain/alerts.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { parseRules } from '../review/read-rules.ts';
import { keepFound } from './keep-found.ts';
import { listed, readHappened, type HappenedRow } from './read-happened.ts';

/** Rows of one transaction. */
const AT_ONCE = 500;

/** Two hours of them. */
const KEPT_BUCKETS = 24;

/** Older rows are passed over: what was restored, or waited for a process that was gone for days, alerts nobody any more. */
const MAX_AGE_HOURS = 24;

type Place = { from: string; head: string; rules: unknown; hours: unknown };

/** Null while another process goes through this log. */
export async function lockPlace(tx: Tx, agencyId: string): Promise<Place | null> {
	await tx.execute(
		sql`INSERT INTO alert_cursor (agency_id, seq) VALUES (${agencyId}, 0) ON CONFLICT DO NOTHING`
	);
	const [cursor] = await tx.execute<{ seq: string }>(
		sql`SELECT seq::text AS seq FROM alert_cursor WHERE agency_id = ${agencyId} FOR UPDATE SKIP LOCKED`
	);
	// The head after the lock: the log's numbers are its order, so that up to the head nothing can come in between.
	const [place] = await tx.execute<Omit<Place, 'from'>>(sql`
		SELECT h.seq::text AS head, a.alert_rules AS rules, a.review_rules AS hours
		FROM agency a JOIN chain_head h ON h.agency_id = a.id WHERE a.id = ${agencyId}`);
	return cursor && place ? { ...place, from: cursor.seq } : null;
}

const readRows = (tx: Tx, agencyId: string, { from, head }: Place) =>
	readHappened(tx, agencyId, {
		within: sql`a.seq > ${from}::bigint AND a.seq <= ${head}::bigint
			AND a.at > clock_timestamp() - make_interval(hours => ${MAX_AGE_HOURS}::int)`,
		limit: AT_ONCE
	});

async function readTallies(tx: Tx, rows: readonly HappenedRow[]): Promise<Tally[]> {
	const staff = [...new Set(rows.map(({ staffId }) => staffId))];
	const first = Math.min(...rows.map(({ at }) => firstBucket(at)));
	const tallies = await tx.execute<Tally>(sql`
		SELECT staff_id AS "staffId", rule, bucket::float8 AS bucket, count FROM alert_tally
		WHERE staff_id::text = ${listed(staff)} AND bucket >= ${first}::bigint`);
	return [...tallies];
}

/** What is too old to count goes with it: a person has as many rows as an hour has, and those of their last hour. */
async function keepTallies(tx: Tx, added: readonly Tally[], rows: readonly HappenedRow[]): Promise<void> {
	if (added.length === 0) return;
	await tx.execute(sql`
		INSERT INTO alert_tally (staff_id, rule, bucket, count)
		SELECT "staffId", rule, bucket, count FROM jsonb_to_recordset(${JSON.stringify(added)}::text::jsonb)
			AS x("staffId" uuid, rule text, bucket bigint, count integer)
		ON CONFLICT (staff_id, rule, bucket) DO UPDATE SET count = alert_tally.count + excluded.count`);
	const staff = [...new Set(added.map(({ staffId }) => staffId))];
	const latest = Math.max(...rows.map(({ at }) => bucketOf(at)));
	await tx.execute(sql`DELETE FROM alert_tally WHERE staff_id::text = ${listed(staff)}
		AND bucket < ${latest - KEPT_BUCKETS}::bigint`);
}

/** One stretch of the log. @returns whether more of it waits */
const takeStretch = ({ db, ids }: TakeNews, agencyId: string): Promise<boolean> =>
	db.transaction(async (tx) => {
		const place = await lockPlace(tx, agencyId);
		if (!place) return false;
		const rows = await readRows(tx, agencyId, place);
		let found: FoundAlert[] = [];
		if (rows.length > 0) {
			const settings = { rules: parseAlertRules(place.rules), hours: parseRules(place.hours) };
			const judged = judgeRows(rows, await readTallies(tx, rows), settings);
			found = judged.found;
			await keepTallies(tx, judged.added, rows);
		}
		await keepFound(tx, ids, { agencyId, found });
		const isMore = rows.length === AT_ONCE;
		const to = isMore ? (rows.at(-1)?.seq ?? place.head) : place.head;
		await tx.execute(sql`UPDATE alert_cursor SET seq = ${to}::bigint WHERE agency_id = ${agencyId}`);
		return isMore;
	});

export type TakeNews = { db: Db; ids: Ids };

/** Every agency whose log went on. One that fails holds up no other; it is tried again by the next run. */
export const takeNews = (deps: TakeNews & { onError(error: unknown): void }) => async (): Promise<void> => {
	const agencies = await deps.db.execute<{ id: string }>(sql`
			SELECT h.agency_id AS id FROM chain_head h LEFT JOIN alert_cursor c ON c.agency_id = h.agency_id
			WHERE h.seq > COALESCE(c.seq, 0)`);
	for (const { id } of agencies)
		try {
			while (await takeStretch(deps, id));
		} catch (error) {
			deps.onError(error);
		}
};
