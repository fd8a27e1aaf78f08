// The closing note: what an impersonation came to, in the words of whoever was inside. Written and changed for a day; each
// version stands in the action log, so that what the client was told once cannot be taken back silently.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { MAX_NOTE, NOTE_HOURS, noteUntil } from '#domain/receipt.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { readHead, receiptDeed, requireOwn, type Named } from './receipt-head.ts';

export const noteInput = z.object({
	note: z
		.string()
		.trim()
		.min(1, 'Write a sentence first.')
		.max(MAX_NOTE, `Say it in at most ${MAX_NOTE} characters.`),
	/** A checkbox. */
	forClient: z.literal('on').optional()
});
export type NoteInput = z.infer<typeof noteInput>;

/** @throws AppError `not_found`; `not_allowed` for a colleague's (logged); `conflict` while it runs or after a day */
export const writeNote =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: NoteInput & Named, origin: Origin): Promise<void> => {
		const head = await readHead(db, actor, input);
		const forClient = input.forClient === 'on';
		await act(actor, receiptDeed(head, 'impersonation.noted', origin), async (tx) => {
			const { endedAt } = await requireOwn(tx, actor, head);
			if (head.now > noteUntil(endedAt))
				throw new AppError(
					'conflict',
					`A closing note can be written and changed for ${NOTE_HOURS} hours after Switch Back.`
				);
			await tx.execute(sql`
				INSERT INTO receipt (impersonation_id, agency_id, client_id, note, for_client)
				VALUES (${head.id}, ${actor.agencyId}, ${head.clientId}, ${input.note}, ${forClient})
				ON CONFLICT (impersonation_id) DO UPDATE SET note = excluded.note, for_client = excluded.for_client,
					edited_at = clock_timestamp()`);
			return { value: undefined, details: { note: input.note, forClient } };
		});
	};
