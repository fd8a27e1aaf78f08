// A verdict on a recording, with what was looked at and why. It can be given anew, and each one stays in the log.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { CHECK_KEYS, MAX_NOTE, VERDICT_KEYS, VERDICTS } from '#domain/review.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { requireOpened } from '../recordings/require-opened.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId } from '../recordings/require-permission.ts';
import { lockReview, requireOtherEyes, type LockedReview } from './lock-review.ts';
import { recordingDeed } from './recording-deed.ts';

const MIN_NOTE = 5;

export const decideInput = z
	.object({
		verdict: z.enum(VERDICT_KEYS, 'Choose a verdict.'),
		checks: z.array(z.enum(CHECK_KEYS)).max(CHECK_KEYS.length).default([]),
		/** `reviewedAt` of the verdict that was on the screen; empty: there was none. */
		seen: z.string().max(40).default(''),
		note: z.string().trim().max(MAX_NOTE, `Say it in at most ${MAX_NOTE} characters.`).default('')
	})
	.refine(({ verdict, note }) => verdict === 'fine' || note.length >= MIN_NOTE, {
		path: ['note'],
		message: 'Say what should have been done otherwise: a verdict that is not “Fine” needs a note.'
	});
export type DecideInput = z.infer<typeof decideInput>;

/**
 * Attack: two who judge at once, and the gentler verdict, sent a moment later, takes the place of one that its author never saw.
 * @throws AppError `conflict`
 */
function requireSeen(
	actor: StaffActor,
	{ verdict, reviewed_at: at, ...by }: LockedReview,
	seen: string
): void {
	if (!verdict || String(at) === seen) return;
	const who = by.reviewed_by === actor.staffId ? 'You' : by.reviewer;
	throw new AppError(
		'conflict',
		`${who} judged it “${VERDICTS[verdict].label}” meanwhile, so yours was not kept. Reload to read that verdict; then you can judge again.`
	);
}

/**
 * @throws AppError `not_found`; `conflict` while it runs or was not assessed yet, and when somebody judged meanwhile; `not_allowed` (logged) for the one recorded,
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
			await requireOtherEyes(tx, actor, head);
			// Attack: a queue judged empty from a list, without a look.
			await requireOpened(tx, actor, head.id);
			const before = await lockReview(tx, head);
			requireSeen(actor, before, input.seen);
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
