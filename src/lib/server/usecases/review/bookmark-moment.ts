// A person's own marks in a recording: set at a moment, or taken off. Setting one twice renames it.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId } from '../recordings/require-permission.ts';
import { lockNotes } from './lock-notes.ts';
import { recordingDeed } from './recording-deed.ts';

const MAX_LABEL = 80;
const MAX_AT_MS = 2_000_000_000;
/** On one recording: more are no help in finding anything. */
const MAX_BOOKMARKS = 200;

export const bookmarkInput = z.object({
	at: z.coerce.number().int().min(0).max(MAX_AT_MS),
	label: z.string().trim().max(MAX_LABEL, `Say it in at most ${MAX_LABEL} characters.`).default(''),
	remove: z.literal('1').optional()
});
export type BookmarkInput = z.infer<typeof bookmarkInput>;

/** @throws AppError `not_found`; `conflict` when there are too many, or once it was erased; `not_allowed` without `review` (logged) */
export const bookmarkMoment =
	({ act, db }: { act: Act; db: Db }) =>
	async (
		actor: StaffActor,
		input: BookmarkInput & { impersonationId: string },
		origin: Origin
	): Promise<void> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		const action = input.remove ? 'recording.bookmark_removed' : 'recording.bookmarked';
		const own = sql`impersonation_id = ${head.id} AND staff_id = ${actor.staffId}`;
		await act(actor, recordingDeed(head, action, origin), async (tx) => {
			await lockNotes(tx, head.id);
			if (input.remove) {
				const gone = await tx.execute(
					sql`DELETE FROM recording_bookmark WHERE ${own} AND at_ms = ${input.at} RETURNING at_ms`
				);
				if (gone.length === 0) throw new AppError('not_found', 'This bookmark is gone already.');
				return { value: undefined, details: { at: input.at } };
			}
			const [held] = await tx.execute<{ n: number }>(
				sql`SELECT count(*)::int AS n FROM recording_bookmark WHERE ${own}`
			);
			if ((held?.n ?? 0) >= MAX_BOOKMARKS)
				throw new AppError(
					'conflict',
					`${MAX_BOOKMARKS} bookmarks are the most there can be. Take one off first.`
				);
			await tx.execute(sql`
				INSERT INTO recording_bookmark (impersonation_id, staff_id, agency_id, at_ms, label)
				VALUES (${head.id}, ${actor.staffId}, ${actor.agencyId}, ${input.at}, ${input.label})
				ON CONFLICT (impersonation_id, staff_id, at_ms) DO UPDATE SET label = EXCLUDED.label`);
			return { value: undefined, details: { at: input.at } };
		});
	};
