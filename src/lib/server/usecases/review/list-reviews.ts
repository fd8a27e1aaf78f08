// The review queue of one agency: what waits for a verdict by its risk, with the reasons; and what was judged.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { REASONS, type Reason } from '#domain/modes-and-reasons.ts';
import type { Verdict } from '#domain/review.ts';
import type { RiskReason } from '#domain/risk-words.ts';
import { countRows, type Counted } from '#server/db/count-rows.ts';
import { wasInside } from '#server/db/insiders.ts';
import type { Db } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { clientChoices, staffChoices, type Choice } from '../recordings/recording-choices.ts';
import { readSketches, type RecordingSketch } from '../recordings/read-sketches.ts';
import { requirePermission } from '../recordings/require-permission.ts';
import { OPEN, orderOf, reviewsWhere, REVIEWS_PAGE_SIZE, type ReviewFilters } from './review-filters.ts';
import { readReviewers, type Reviewer } from './reviewers.ts';

export type ReviewRow = {
	id: string;
	client: string;
	contact: string;
	staff: string;
	/** The reader was inside: somebody else judges it. */
	isOwn: boolean;
	endedAt: number;
	lengthMs: number;
	reason: string;
	ticket: string | null;
	risk: number;
	reasons: RiskReason[];
	dueAt: number;
	isLate: boolean;
	assignedTo: string | null;
	verdict: Verdict | null;
	reviewedBy: string | null;
	reviewedAt: number | null;
	sketch: RecordingSketch | null;
};

export type ReviewList = Counted & {
	rows: ReviewRow[];
	clients: Choice[];
	staff: Choice[];
	reviewers: Reviewer[];
	/** Of the whole agency, counted no further than anybody pages. */
	open: Counted;
	mine: Counted;
	late: Counted;
};

type Row = Omit<ReviewRow, 'reason' | 'assignedTo' | 'sketch'> & {
	reason: Reason;
	assignedId: string | null;
};

/** Few are gathered and put in order; of many the index of that order soon has a page full. */
const found = (actor: StaffActor, filters: ReviewFilters, isFew: boolean) =>
	sql`(SELECT r.* FROM review r WHERE ${reviewsWhere(actor, filters)} ${isFew ? sql`OFFSET 0` : sql``}) r`;

const readRows = (db: Db, actor: StaffActor, filters: ReviewFilters, isFew: boolean) =>
	// The page first: names of rows before it would cost as much as its own.
	db.execute<Row>(sql`
		WITH shown AS MATERIALIZED (SELECT r.* FROM ${found(actor, filters, isFew)} ORDER BY ${orderOf(filters)}
			LIMIT ${REVIEWS_PAGE_SIZE} OFFSET ${(filters.page - 1) * REVIEWS_PAGE_SIZE})
		SELECT r.impersonation_id AS id, c.name AS client, k.name AS contact, s.name AS staff,
			${wasInside(actor.staffId)} AS "isOwn", ${ms('r.ended_at')} AS "endedAt",
			${ms('r.ended_at - COALESCE(i.started_at, i.created_at)')} AS "lengthMs", i.reason, i.ticket, r.risk, r.reasons,
			${ms('r.due_at')} AS "dueAt", r.verdict IS NULL AND r.due_at < clock_timestamp() AS "isLate", r.assigned_to AS "assignedId",
			r.verdict, v.name AS "reviewedBy", ${ms('r.reviewed_at')} AS "reviewedAt"
		FROM shown r JOIN impersonation i ON i.id = r.impersonation_id JOIN client c ON c.id = r.client_id
		JOIN contact k ON k.id = i.contact_id JOIN staff s ON s.id = r.staff_id
		LEFT JOIN staff v ON v.id = r.reviewed_by
		ORDER BY ${orderOf(filters)}`);

/**
 * How many there are says how to find them. Attack: the planner takes reasons for spread evenly over all risks; a rare one that only
 * low risks have would be looked for in the whole queue.
 */
async function readPage(
	db: Db,
	actor: StaffActor,
	filters: ReviewFilters
): Promise<{ rows: readonly Row[]; counted: Counted }> {
	const count = countRows(db, sql`FROM review r WHERE ${reviewsWhere(actor, filters)}`);
	if (!filters.why) {
		const [counted, rows] = await Promise.all([count, readRows(db, actor, filters, false)]);
		return { rows, counted };
	}
	const counted = await count;
	return { rows: await readRows(db, actor, filters, !counted.isMore), counted };
}

/** @throws AppError `not_allowed` without the permission `review` */
export const listReviews =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: ReviewFilters): Promise<ReviewList> => {
		const { agencyId, staffId } = actor;
		await requirePermission(db, actor, 'review');
		const own = sql`FROM review r WHERE r.agency_id = ${agencyId} AND ${OPEN}`;
		const [{ rows, counted }, open, mine, late, clients, staff, reviewers] = await Promise.all([
			readPage(db, actor, filters),
			countRows(db, own),
			countRows(db, sql`${own} AND r.assigned_to = ${staffId}`),
			countRows(db, sql`${own} AND r.due_at < clock_timestamp()`),
			clientChoices(db, agencyId),
			staffChoices(db, agencyId),
			readReviewers(db, agencyId)
		]);
		const sketches = await readSketches(
			db,
			agencyId,
			rows.map(({ id }) => id)
		);
		const nameOf = new Map(reviewers.map(({ id, name }) => [id, name]));
		const told = rows.map(({ assignedId, ...row }): ReviewRow => {
			// Given to somebody who left, or who may not review any more, it is nobody's.
			const assignedTo = nameOf.get(assignedId ?? '') ?? null;
			return { ...row, reason: REASONS[row.reason], assignedTo, sketch: sketches.get(row.id) ?? null };
		});
		return { rows: told, ...counted, open, mine, late, clients, staff, reviewers };
	};
