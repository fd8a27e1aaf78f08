// Puts recordings on hold, or releases them: an action for each, with the reason. What is held is erased by nobody.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError, isAppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { readHead } from '../recordings/read-rows.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { requireOtherEyes } from './lock-review.ts';
import { recordingDeed } from './recording-deed.ts';

const MAX_REASON = 300;
/** Of one page of the list. */
const MAX_AT_ONCE = 25;

export const holdInput = z
	.object({
		ids: z.array(z.string().refine(isUuid)).min(1, 'Tick a recording first.').max(MAX_AT_ONCE),
		what: z.enum(['hold', 'release']),
		reason: z.string().trim().max(MAX_REASON, `Say it in at most ${MAX_REASON} characters.`).default('')
	})
	.refine(({ reason }) => reason.length >= 5, {
		path: ['reason'],
		message: 'Say why in a few words: the reason stands in the log.'
	});
export type HoldInput = z.infer<typeof holdInput>;

/** `left`: those that were so already, or that cannot be held, with the first one's sentence. */
export type Held = { what: HoldInput['what']; done: number; left: number; sentence: string | null };

/**
 * @throws AppError `not_allowed` (logged) without the permission `erase`, and for the release of a hold by the one recorded; `not_found`
 * when none is the agency's
 */
export const holdRecordings = ({ act, db }: { act: Act; db: Db }) => {
	const one = async (actor: StaffActor, id: string, input: HoldInput, origin: Origin): Promise<boolean> => {
		const head = await readHead(db, actor.agencyId, id);
		const action = input.what === 'hold' ? 'recording.held' : 'recording.hold_released';
		return ifDifferent(act)(actor, recordingDeed(head, action, origin), async (tx) => {
			if (input.what === 'release') await requireOtherEyes(tx, actor, head, 'release');
			// As erasing locks it: a hold comes before or after, never in between.
			await tx.execute(sql`SELECT FROM impersonation WHERE id = ${head.id} FOR NO KEY UPDATE`);
			const changed =
				input.what === 'hold'
					? await tx.execute(sql`
						INSERT INTO recording_hold (impersonation_id, agency_id, held_by, reason)
						SELECT ${head.id}, ${actor.agencyId}, ${actor.staffId}, ${input.reason}
						WHERE EXISTS (SELECT FROM page WHERE impersonation_id = ${head.id} AND erased_at IS NULL)
						ON CONFLICT (impersonation_id) DO NOTHING RETURNING impersonation_id`)
					: await tx.execute(sql`
						DELETE FROM recording_hold WHERE impersonation_id = ${head.id} RETURNING impersonation_id`);
			if (changed.length === 0) throw new Unchanged(false);
			return { value: true, details: { reason: input.reason } };
		});
	};
	return async (actor: StaffActor, input: HoldInput, origin: Origin): Promise<Held> => {
		const ids = [...new Set(input.ids)];
		let done = 0;
		let sentence: string | null = null;
		for (const id of ids)
			try {
				if (await one(actor, id, input, origin)) done += 1;
				else sentence ??= input.what === 'hold' ? 'Held or erased before.' : 'Not on hold.';
			} catch (error) {
				// A right that is missing is missing for all of them.
				if (!isAppError(error) || error.code !== 'not_found') throw error;
				sentence ??= error.message;
			}
		if (done === 0 && ids.length === 1 && sentence === 'There is no such recording.')
			throw new AppError('not_found', sentence);
		return { what: input.what, done, left: ids.length - done, sentence };
	};
};
