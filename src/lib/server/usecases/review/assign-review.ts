// Gives a recording to somebody to review, or takes it back: an action, told to whom it is given.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import { insidersOf } from '#server/db/insiders.ts';
import type { Db } from '#server/db/types.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId } from '../recordings/require-permission.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { lockReview, requireOtherEyes } from './lock-review.ts';
import { recordingDeed } from './recording-deed.ts';
import { readReviewers } from './reviewers.ts';

export const assignInput = z.object({
	/** Empty: nobody's. */
	to: z.string().refine((id) => id === '' || isUuid(id), 'Choose somebody from the list.')
});
export type AssignInput = z.infer<typeof assignInput>;

/** Out of a list: with which recording. */
export const assignRowInput = assignInput.extend({ impersonationId: z.string() });

/**
 * One that waited for nobody's verdict waits from now on. Nothing is logged when nothing changes.
 * @throws AppError `not_found`; `invalid` for somebody who may not review, or who is the one recorded; `conflict` when it was
 * judged or not assessed yet; `not_allowed` for the one recorded, and without the permission (logged)
 */
export const assignReview =
	({ act, db }: { act: Act; db: Db }) =>
	async (
		actor: StaffActor,
		input: AssignInput & { impersonationId: string },
		origin: Origin
	): Promise<void> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		const to = input.to === '' ? null : input.to;
		await ifDifferent(act)(actor, recordingDeed(head, 'review.assigned', origin), async (tx) => {
			await requireOtherEyes(tx, actor, head);
			const reviewer = to && (await readReviewers(tx, actor.agencyId)).find(({ id }) => id === to);
			if (to && (!reviewer || (await insidersOf(tx, head.id)).has(to)))
				throw new AppError('invalid', 'Choose somebody else who may review. Nothing was changed.', {
					field: 'to'
				});
			const { verdict, assigned_to: before } = await lockReview(tx, head);
			if (verdict) throw new AppError('conflict', 'It has a verdict already, so nobody need review it.');
			if (before === to) throw new Unchanged(undefined);
			await tx.execute(sql`
				UPDATE review SET assigned_to = ${to}, is_queued = true WHERE impersonation_id = ${head.id}`);
			return {
				value: undefined,
				details: {
					assignedTo: reviewer ? reviewer.name : 'nobody',
					tell: to && to !== actor.staffId ? [to] : []
				}
			};
		});
	};
