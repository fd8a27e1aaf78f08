// The review of one recording, for the page that replays it: why it should be looked at, whose it is, and what was found.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { CheckKey, Verdict } from '#domain/review.ts';
import type { RiskReason } from '#domain/risk-words.ts';
import { insidersOf, wasInside } from '#server/db/insiders.ts';
import type { Db, Reader } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId, requirePermission } from '../recordings/require-permission.ts';
import { OPEN } from './review-filters.ts';
import { readReviewers, type Reviewer } from './reviewers.ts';

export type Review = {
	risk: number;
	reasons: RiskReason[];
	/** Waits for a verdict, or has one. */
	isQueued: boolean;
	dueAt: number;
	assignedTo: Reviewer | null;
	verdict: Verdict | null;
	checks: CheckKey[];
	note: string;
	reviewedBy: string | null;
	reviewedAt: number | null;
};

export type ReviewState = {
	/** Null until it was assessed, soon after its end. */
	review: Review | null;
	/** The reader was inside. */
	isOwn: boolean;
	/** Whom it can be assigned to: nobody who was inside. */
	reviewers: Reviewer[];
	/** Whom a comment can name: everybody who could read it. */
	people: Reviewer[];
};

type Row = Omit<Review, 'assignedTo'> & { assignedId: string | null };

async function readRow(reader: Reader, agencyId: string, id: string): Promise<Row | undefined> {
	const [row] = await reader.execute<Row>(sql`
		SELECT r.risk, r.reasons, r.is_queued AS "isQueued", ${ms('r.due_at')} AS "dueAt", r.assigned_to AS "assignedId",
			r.verdict, r.checks, r.note, v.name AS "reviewedBy", ${ms('r.reviewed_at')} AS "reviewedAt"
		FROM review r LEFT JOIN staff v ON v.id = r.reviewed_by
		WHERE r.impersonation_id = ${id} AND r.agency_id = ${agencyId}`);
	return row;
}

/** Given to somebody who left, or who may not review any more, it is nobody's. */
const given = ({ assignedId, ...review }: Row, people: readonly Reviewer[]): Review => ({
	...review,
	assignedTo: people.find(({ id }) => id === assignedId) ?? null
});

/** @throws AppError `not_allowed` without the permission `review`; `not_found` */
export const readReview =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, input: { impersonationId: string }): Promise<ReviewState> => {
		await requirePermission(db, actor, 'review');
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		const [row, people, insiders] = await Promise.all([
			readRow(db, actor.agencyId, head.id),
			readReviewers(db, actor.agencyId),
			insidersOf(db, head.id)
		]);
		const isOwn = insiders.has(actor.staffId);
		const review = row ? given(row, people) : null;
		return { review, isOwn, people, reviewers: people.filter(({ id }) => !insiders.has(id)) };
	};

/**
 * The recording that waits next: the reader's own first, then what is nobody's, riskiest first; never one of themselves.
 * @returns null when nothing waits
 */
export const nextReview =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, input: { impersonationId: string }): Promise<string | null> => {
		await requirePermission(db, actor, 'review');
		const { agencyId, staffId } = actor;
		const but = requireId(input.impersonationId);
		const others = sql`r.agency_id = ${agencyId} AND ${OPEN} AND NOT EXISTS (SELECT FROM impersonation i
			WHERE i.id = r.impersonation_id AND ${wasInside(staffId)}) AND r.impersonation_id <> ${but}`;
		const people = JSON.stringify((await readReviewers(db, agencyId)).map(({ id }) => id));
		// Given to somebody who left it would wait for ever.
		const isNobodys = sql`(r.assigned_to IS NULL
			OR r.assigned_to NOT IN (SELECT value::uuid FROM jsonb_array_elements_text(${people}::text::jsonb)))`;
		const [row] = await db.execute<{ id: string }>(sql`
			SELECT id FROM (
				(SELECT r.impersonation_id AS id, 0 AS rank FROM review r WHERE ${others} AND r.assigned_to = ${staffId}
					ORDER BY r.risk DESC, r.due_at, r.impersonation_id LIMIT 1)
				UNION ALL (SELECT r.impersonation_id, 1 FROM review r WHERE ${others} AND ${isNobodys}
					ORDER BY r.risk DESC, r.due_at, r.impersonation_id LIMIT 1)
			) next ORDER BY rank LIMIT 1`);
		return row?.id ?? null;
	};
