// Takes back one's own comment. What others answered stays, under a comment without its words; that there was one stays in the log.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId } from '../recordings/require-permission.ts';
import { requireFree } from '../retention/require-free.ts';
import { lockNotes } from './lock-notes.ts';
import { recordingDeed } from './recording-deed.ts';

export const removeCommentInput = z.object({ id: z.string().refine(isUuid, 'This comment is gone.') });

type Own = { id: string; parent_id: string | null; is_answered: boolean };

/** Attack: one word taken back, and with it, by its foreign key, whatever others said to it. */
async function takeBack(tx: Tx, { id, parent_id: parent, is_answered }: Own): Promise<void> {
	if (is_answered) {
		await tx.execute(sql`UPDATE recording_comment SET body = '' WHERE id = ${id}`);
		return;
	}
	await tx.execute(sql`DELETE FROM recording_comment WHERE id = ${id}`);
	// Of a comment that was taken back before nothing is left once its last answer is gone.
	if (parent)
		await tx.execute(sql`DELETE FROM recording_comment m WHERE m.id = ${parent} AND m.body = ''
			AND NOT EXISTS (SELECT FROM recording_comment a WHERE a.parent_id = m.id)`);
}

/** @throws AppError `not_found`; `conflict` while it is held, and once it was erased; `not_allowed` for somebody else's comment, and without the permission (logged) */
export const removeComment =
	({ act, db }: { act: Act; db: Db }) =>
	async (
		actor: StaffActor,
		input: { impersonationId: string; id: string },
		origin: Origin
	): Promise<void> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		await act(actor, recordingDeed(head, 'recording.comment_removed', origin), async (tx) => {
			await lockNotes(tx, head.id);
			const [row] = await tx.execute<Own & { written_by: string; at_ms: number }>(sql`
				SELECT m.id, m.parent_id, m.written_by, m.at_ms, EXISTS (SELECT FROM recording_comment a
					WHERE a.parent_id = m.id AND a.written_by <> m.written_by) AS is_answered
				FROM recording_comment m WHERE m.id = ${input.id} AND m.impersonation_id = ${head.id}
					AND m.agency_id = ${actor.agencyId} AND m.body <> ''`);
			if (!row) throw new AppError('not_found', 'This comment is gone already.');
			if (row.written_by !== actor.staffId)
				throw new AppError('not_allowed', 'Only whoever wrote a comment takes it back.');
			await requireFree(tx, [head.id]);
			await takeBack(tx, row);
			return { value: undefined, details: { commentId: input.id, at: row.at_ms } };
		});
	};
