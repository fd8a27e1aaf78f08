// The review's row under a lock, and the four eyes that stand before every change of it.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Verdict } from '#domain/review.ts';
import type { Tx } from '#server/db/types.ts';
import type { HeadRow } from '../recordings/read-rows.ts';

export type LockedReview = {
	verdict: Verdict | null;
	note: string;
	is_queued: boolean;
	assigned_to: string | null;
};

/** @throws AppError `conflict` while the recording runs or was not assessed yet */
export async function lockReview(tx: Tx, head: Pick<HeadRow, 'id' | 'ended_at'>): Promise<LockedReview> {
	const [row] = await tx.execute<LockedReview>(sql`
		SELECT verdict, note, is_queued, assigned_to FROM review WHERE impersonation_id = ${head.id} FOR UPDATE`);
	if (row) return row;
	throw new AppError(
		'conflict',
		head.ended_at === null
			? 'It still runs. It can be reviewed once it has ended.'
			: 'It ended only moments ago and is being prepared for review. Try again in half a minute.'
	);
}

/** Attack: whoever did harm inside finds it fine, or hands it to a friend. @throws AppError `not_allowed` */
export function requireOtherEyes(actor: StaffActor, head: Pick<HeadRow, 'staff_id'>): void {
	if (head.staff_id === actor.staffId)
		throw new AppError('not_allowed', 'You are the one recorded here, so somebody else must review it.');
}
