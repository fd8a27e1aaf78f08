// The review's row under a lock, and the four eyes that stand before every change of it.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Verdict } from '#domain/review.ts';
import { insidersOf } from '#server/db/insiders.ts';
import type { Tx } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import type { HeadRow } from '../recordings/read-rows.ts';

export type LockedReview = {
	verdict: Verdict | null;
	/** As a page is told it (`Review.reviewedAt`). */
	reviewed_at: number | null;
	reviewed_by: string | null;
	reviewer: string | null;
	note: string;
	is_queued: boolean;
	assigned_to: string | null;
};

/** @throws AppError `conflict` while the recording runs or was not assessed yet */
export async function lockReview(tx: Tx, head: Pick<HeadRow, 'id' | 'ended_at'>): Promise<LockedReview> {
	const [row] = await tx.execute<LockedReview>(sql`
		SELECT r.verdict, ${ms('r.reviewed_at')} AS reviewed_at, r.reviewed_by, v.name AS reviewer, r.note, r.is_queued, r.assigned_to
		FROM review r LEFT JOIN staff v ON v.id = r.reviewed_by WHERE r.impersonation_id = ${head.id} FOR UPDATE OF r`);
	if (row) return row;
	throw new AppError(
		'conflict',
		head.ended_at === null
			? 'It still runs. It can be reviewed once it has ended.'
			: 'It ended only moments ago and is being prepared for review. Try again in half a minute.'
	);
}

/** Attack: whoever did harm inside finds it fine, hands it to a friend, or lets go of what is held. @throws AppError `not_allowed` */
export async function requireOtherEyes(
	tx: Tx,
	actor: StaffActor,
	head: Pick<HeadRow, 'id' | 'staff_id'>,
	what: 'review' | 'release' = 'review'
): Promise<void> {
	if (!(await insidersOf(tx, head.id)).has(actor.staffId)) return;
	const were = head.staff_id === actor.staffId ? 'are the one recorded' : 'had control';
	throw new AppError('not_allowed', `You ${were} here, so somebody else must ${what} it.`);
}
