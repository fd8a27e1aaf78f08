// Works out once for each recording that ended how much it asks for a look and why. The newest first, so that what is left
// of an older release does not keep today's; one that fails waits, so that it keeps none of the others. Running twice changes nothing.
import { sql } from 'drizzle-orm';
import { assessRisk, drawOf, type RiskFacts } from '#domain/risk.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { recordingFlags } from '../recordings/recording-flags.ts';
import { parseRules } from './read-rules.ts';

/** Holes are waited for until ten seconds after the end (recordings/README.md); then what is missing is missing. */
const SETTLED_AFTER_S = 20;

/** One that failed is tried again so much later. */
const AGAIN_AFTER_MINUTES = 10;

/** Recordings taken up together, and by one run; the next one comes soon. */
const AT_ONCE = 100;
const RUN = 2_000;

type EndedRow = {
	id: string;
	agency_id: string;
	client_id: string;
	staff_id: string;
	started_at: number;
	ended_at: number;
	rules: unknown;
	starts_before: number;
	was_stopped: boolean;
	has_pages: boolean;
	deeds: RiskFacts['deeds'] | null;
};

const MS = (column: string) => sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);

const readEnded = (db: Db) =>
	db.execute<EndedRow>(sql`
		SELECT i.id, i.agency_id, i.client_id, i.staff_id, ${MS('COALESCE(i.started_at, i.created_at)')} AS started_at,
			${MS('i.ended_at')} AS ended_at, a.review_rules AS rules,
			(SELECT count(*)::int FROM impersonation o WHERE o.staff_id = i.staff_id AND o.id <> i.id
				AND o.started_at <= i.started_at AND o.started_at > i.started_at - interval '1 hour') AS starts_before,
			i.end_reason IN ('supervisor', 'client', 'lost_right') OR EXISTS (SELECT FROM action x
				WHERE x.impersonation_id = i.id AND x.action = 'impersonation.frozen' AND x.outcome = 'done') AS was_stopped,
			EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id) AS has_pages,
			(SELECT json_agg(d) FROM (SELECT x.action, x.outcome, count(*)::int AS count FROM action x
				WHERE x.impersonation_id = i.id AND x.actor_kind = 'impersonation' AND x.action NOT LIKE 'impersonation.%'
				GROUP BY x.action, x.outcome) d) AS deeds
		FROM impersonation i JOIN agency a ON a.id = i.agency_id
		WHERE i.state = 'ended' AND i.assessed_at IS NULL
			AND i.ended_at < clock_timestamp() - make_interval(secs => ${SETTLED_AFTER_S}::int)
			AND (i.assess_failed_at IS NULL
				OR i.assess_failed_at < clock_timestamp() - make_interval(mins => ${AGAIN_AFTER_MINUTES}::int))
		ORDER BY i.ended_at DESC LIMIT ${AT_ONCE}`);

type Deps = { db: Db; liveLog: LiveLog; ids: Ids; onError(error: unknown, impersonationId: string): void };

async function assess(deps: Deps, row: EndedRow): Promise<void> {
	const { db, ids } = deps;
	// Never entered: there is nothing to look at.
	if (row.has_pages) {
		const rules = parseRules(row.rules);
		const times = { startedAt: row.started_at, lengthMs: row.ended_at - row.started_at };
		const [flags = []] = await recordingFlags(deps, row.agency_id, [{ id: row.id, ...times }]);
		const isIncomplete = flags.includes('missing') || flags.includes('unrecorded');
		const draw = drawOf(ids.secret());
		const { risk, reasons, isQueued } = assessRisk(
			{
				draw,
				startedAt: row.started_at,
				deeds: row.deeds ?? [],
				isIncomplete,
				wasStopped: row.was_stopped,
				startsBefore: row.starts_before
			},
			rules
		);
		await db.execute(sql`
			INSERT INTO review (impersonation_id, agency_id, client_id, staff_id, ended_at, risk, reasons, is_incomplete, is_queued, draw, due_at)
			SELECT id, agency_id, client_id, staff_id, ended_at, ${risk}, ${JSON.stringify(reasons)}::text::jsonb, ${isIncomplete},
				${isQueued}, ${draw}, ended_at + make_interval(days => ${rules.dueDays}::int)
			FROM impersonation WHERE id = ${row.id} ON CONFLICT (impersonation_id) DO NOTHING`);
	}
	await db.execute(sql`UPDATE impersonation SET assessed_at = clock_timestamp() WHERE id = ${row.id}`);
}

/** Attack: a hundred recordings that always fail, the newest of all, and nothing before them would ever be assessed. */
async function noteFailure({ db, onError }: Deps, error: unknown, { id }: EndedRow): Promise<void> {
	onError(error, id);
	await db.execute(sql`UPDATE impersonation SET assess_failed_at = clock_timestamp() WHERE id = ${id}`);
}

async function run(deps: Deps): Promise<number> {
	let [count, failed] = [0, 0];
	while (count + failed < RUN) {
		const rows = await readEnded(deps.db);
		for (const row of rows)
			try {
				await assess(deps, row);
				count += 1;
			} catch (error) {
				failed += 1;
				await noteFailure(deps, error, row);
			}
		if (rows.length < AT_ONCE) break;
	}
	return count;
}

/**
 * One run at a time in a process.
 * @returns how many were assessed; one that fails is told of and tried again by a later run
 */
export const assessRecordings = (deps: Deps) => {
	let isRunning = false;
	return async (): Promise<number> => {
		if (isRunning) return 0;
		isRunning = true;
		try {
			return await run(deps);
		} finally {
			isRunning = false;
		}
	};
};
