// Works out once for each recording that ended how much it asks for a look and why. The newest first, so that what is left
// of an older release does not keep today's. Running twice changes nothing.
import { sql } from 'drizzle-orm';
import { assessRisk, type RiskFacts } from '#domain/risk.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { recordingFlags } from '../recordings/recording-flags.ts';
import { parseRules } from './read-rules.ts';

/** Holes are waited for until ten seconds after the end (recordings/README.md); then what is missing is missing. */
const SETTLED_AFTER_S = 20;

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
			i.end_reason IN ('supervisor', 'lost_right') OR EXISTS (SELECT FROM action x
				WHERE x.impersonation_id = i.id AND x.action = 'impersonation.frozen' AND x.outcome = 'done') AS was_stopped,
			EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id) AS has_pages,
			(SELECT json_agg(d) FROM (SELECT x.action, x.outcome, count(*)::int AS count FROM action x
				WHERE x.impersonation_id = i.id AND x.actor_kind = 'impersonation' AND x.action NOT LIKE 'impersonation.%'
				GROUP BY x.action, x.outcome) d) AS deeds
		FROM impersonation i JOIN agency a ON a.id = i.agency_id
		WHERE i.state = 'ended' AND i.assessed_at IS NULL
			AND i.ended_at < clock_timestamp() - make_interval(secs => ${SETTLED_AFTER_S}::int)
		ORDER BY i.ended_at DESC LIMIT ${AT_ONCE}`);

async function assess(deps: { db: Db; liveLog: LiveLog }, row: EndedRow): Promise<void> {
	const { db } = deps;
	// Never entered: there is nothing to look at.
	if (row.has_pages) {
		const rules = parseRules(row.rules);
		const times = { startedAt: row.started_at, lengthMs: row.ended_at - row.started_at };
		const flags = await recordingFlags(deps, row.agency_id, { id: row.id, ...times });
		const isIncomplete = flags.includes('missing') || flags.includes('unrecorded');
		const { risk, reasons, isQueued } = assessRisk(
			{
				impersonationId: row.id,
				startedAt: row.started_at,
				deeds: row.deeds ?? [],
				isIncomplete,
				wasStopped: row.was_stopped,
				startsBefore: row.starts_before
			},
			rules
		);
		await db.execute(sql`
			INSERT INTO review (impersonation_id, agency_id, client_id, staff_id, ended_at, risk, reasons, is_incomplete, is_queued, due_at)
			SELECT id, agency_id, client_id, staff_id, ended_at, ${risk}, ${JSON.stringify(reasons)}::text::jsonb, ${isIncomplete},
				${isQueued}, ended_at + make_interval(days => ${rules.dueDays}::int)
			FROM impersonation WHERE id = ${row.id} ON CONFLICT (impersonation_id) DO NOTHING`);
	}
	await db.execute(sql`UPDATE impersonation SET assessed_at = clock_timestamp() WHERE id = ${row.id}`);
}

/**
 * One run at a time in a process.
 * @returns how many were assessed; one that fails is told of and tried again by the next run
 */
export const assessRecordings = (deps: {
	db: Db;
	liveLog: LiveLog;
	onError(error: unknown, impersonationId: string): void;
}) => {
	let isRunning = false;
	const run = async (): Promise<number> => {
		let count = 0;
		while (count < RUN) {
			const rows = await readEnded(deps.db);
			let failed = 0;
			for (const row of rows)
				await assess(deps, row).catch((error: unknown) => {
					failed += 1;
					deps.onError(error, row.id);
				});
			count += rows.length - failed;
			// Those that fail stay the newest: going on at once would only meet them again.
			if (rows.length < AT_ONCE || failed > 0) break;
		}
		return count;
	};
	return async (): Promise<number> => {
		if (isRunning) return 0;
		isRunning = true;
		try {
			return await run();
		} finally {
			isRunning = false;
		}
	};
};
