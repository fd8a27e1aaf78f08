// A verdict on a recording, with what was looked at and why. It can be given anew, and each one stays in the log.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { CHECK_KEYS, MAX_NOTE, VERDICT_KEYS, VERDICTS } from '#domain/review.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { requireOpened } from '../recordings/require-opened.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId } from '../recordings/require-permission.ts';
import { lockReview, requireOtherEyes } from './lock-review.ts';
import { recordingDeed } from './recording-deed.ts';

const MIN_NOTE = 5;

export const decideInput = z
	.object({
		verdict: z.enum(VERDICT_KEYS, 'Choose a verdict.'),
		checks: z.array(z.enum(CHECK_KEYS)).max(CHECK_KEYS.length).default([]),
		note: z.string().trim().max(MAX_NOTE, `Say it in at most ${MAX_NOTE} characters.`).default('')
	})
	.refine(({ verdict, note }) => verdict === 'fine' || note.length >= MIN_NOTE, {
		path: ['note'],
		message: 'Say what should have been done otherwise: a verdict that is not “Fine” needs a note.'
	});
export type DecideInput = z.infer<typeof decideInput>;

/**
 * @throws AppError `not_found`; `conflict` while it runs or was not assessed yet; `not_allowed` (logged) for the one recorded,
 * for whoever has not opened the replay, and without the permission
 */
export const decideReview =
	({ act, db }: { act: Act; db: Db }) =>
	async (
		actor: StaffActor,
		input: DecideInput & { impersonationId: string },
		origin: Origin
	): Promise<void> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		const { verdict, note } = input;
		const checks = CHECK_KEYS.filter((key) => input.checks.includes(key));
		await act(actor, recordingDeed(head, 'review.decided', origin), async (tx) => {
			requireOtherEyes(actor, head);
			// Attack: a queue judged empty from a list, without a look.
			await requireOpened(tx, actor, head.id);
			const before = await lockReview(tx, head);
			await tx.execute(sql`
				UPDATE review SET verdict = ${verdict}, checks = ${JSON.stringify(checks)}::text::jsonb, note = ${note},
					reviewed_by = ${actor.staffId}, reviewed_at = clock_timestamp(), is_queued = true
				WHERE impersonation_id = ${head.id}`);
			return {
				value: undefined,
				details: {
					verdict: VERDICTS[verdict].label,
					before: before.verdict && VERDICTS[before.verdict].label,
					checked: checks.join(', '),
					note
				}
			};
		});
	};
