// Takes back one's own comment, with what was answered to it. That there was one stays in the log.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId } from '../recordings/require-permission.ts';
import { recordingDeed } from './recording-deed.ts';

export const removeCommentInput = z.object({ id: z.string().refine(isUuid, 'This comment is gone.') });

/** @throws AppError `not_found`; `not_allowed` for somebody else's comment, and without the permission (logged) */
export const removeComment =
	({ act, db }: { act: Act; db: Db }) =>
	async (
		actor: StaffActor,
		input: { impersonationId: string; id: string },
		origin: Origin
	): Promise<void> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		await act(actor, recordingDeed(head, 'recording.comment_removed', origin), async (tx) => {
			const [row] = await tx.execute<{ written_by: string; at_ms: number }>(sql`
				SELECT written_by, at_ms FROM recording_comment WHERE id = ${input.id} AND impersonation_id = ${head.id}
					AND agency_id = ${actor.agencyId} FOR UPDATE`);
			if (!row) throw new AppError('not_found', 'This comment is gone already.');
			if (row.written_by !== actor.staffId)
				throw new AppError('not_allowed', 'Only whoever wrote a comment takes it back.');
			await tx.execute(sql`DELETE FROM recording_comment WHERE id = ${input.id}`);
			return { value: undefined, details: { commentId: input.id, at: row.at_ms } };
		});
	};
