// How much of what should be reviewed is, and how soon: by weeks, from the reviews' own index.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Verdict } from '#domain/review.ts';
import type { Db } from '#server/db/types.ts';
import { requirePermission } from '../recordings/require-permission.ts';

export const COVERAGE_WEEKS = 12;

/** One week's recordings, by when they ended. */
export type CoverageWeek = {
	/** Its Monday, ms since the epoch. */
	from: number;
	recordings: number;
	/** Of these, how many should be reviewed, and how many were. */
	queued: number;
	reviewed: number;
	/** Median of the hours from the end to the verdict; null where none has one. */
	hours: number | null;
};
export type ReviewCoverage = {
	weeks: CoverageWeek[];
	verdicts: Record<Verdict, number>;
	reviewers: { name: string; count: number }[];
};

const since = sql`date_trunc('week', now(), 'UTC') - make_interval(weeks => ${COVERAGE_WEEKS - 1}::int)`;

/** One week after the other, each a stretch of one index: sorting a quarter's recordings into weeks takes longer than reading them. */
const readWeeks = (db: Db, agencyId: string) =>
	db.execute<CoverageWeek>(sql`
		SELECT (extract(epoch FROM w) * 1000)::float8 AS from, t.recordings, t.queued, t.reviewed, j.hours
		FROM generate_series(${since}, now(), interval '1 week') w,
		LATERAL (SELECT count(*)::int AS recordings, count(*) FILTER (WHERE r.is_queued OR r.lapsed_at IS NOT NULL)::int AS queued,
			count(r.reviewed_at)::int AS reviewed FROM review r
			WHERE r.agency_id = ${agencyId} AND r.ended_at >= w AND r.ended_at < w + interval '1 week') t,
		LATERAL (SELECT (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.reviewed_at - r.ended_at)::float8) / 3600)
			AS hours FROM review r
			WHERE r.agency_id = ${agencyId} AND r.ended_at >= w AND r.ended_at < w + interval '1 week' AND r.reviewed_at IS NOT NULL) j
		ORDER BY w`);

/** @throws AppError `not_allowed` without the permission `review` */
export const readReviewCoverage =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<ReviewCoverage> => {
		const { agencyId } = actor;
		await requirePermission(db, actor, 'review');
		const judged = sql`FROM review r WHERE r.agency_id = ${agencyId} AND r.verdict IS NOT NULL AND r.reviewed_at >= ${since}`;
		const [weeks, verdicts, reviewers] = await Promise.all([
			readWeeks(db, agencyId),
			db.execute<{ verdict: Verdict; n: number }>(
				sql`SELECT r.verdict, count(*)::int AS n ${judged} GROUP BY r.verdict`
			),
			db.execute<{ name: string; count: number }>(sql`
				SELECT s.name, x.count FROM (SELECT r.reviewed_by AS id, count(*)::int AS count ${judged} GROUP BY 1) x
				JOIN staff s ON s.id = x.id ORDER BY x.count DESC, s.name LIMIT 10`)
		]);
		const of = (verdict: Verdict): number => verdicts.find((row) => row.verdict === verdict)?.n ?? 0;
		return {
			weeks: [...weeks],
			verdicts: { fine: of('fine'), coach: of('coach'), breach: of('breach') },
			reviewers: [...reviewers]
		};
	};
