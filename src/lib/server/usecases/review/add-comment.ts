// A comment at a moment of a recording, or at a place on its screen then, or an answer to one. Whoever is named in it, and
// whose comment is answered, is told; nobody else, and only colleagues who could read it.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import { MAX_COMMENT, mentionedIn } from '#domain/review.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId } from '../recordings/require-permission.ts';
import { lockNotes } from './lock-notes.ts';
import { recordingDeed } from './recording-deed.ts';
import { readReviewers } from './reviewers.ts';

/** An impersonation ends after an hour; the columns take less than a month. */
const MAX_AT_MS = 2_000_000_000;

const share = z.coerce.number().min(0).max(1);

export const commentInput = z.object({
	at: z.coerce.number().int().min(0).max(MAX_AT_MS).catch(0),
	x: z
		.union([z.literal(''), share])
		.optional()
		.catch(undefined),
	y: z
		.union([z.literal(''), share])
		.optional()
		.catch(undefined),
	/** The comment it answers. */
	parent: z
		.string()
		.refine((id) => id === '' || isUuid(id), 'This comment is gone.')
		.default(''),
	body: z
		.string()
		.trim()
		.min(1, 'Write something first.')
		.max(MAX_COMMENT, `Say it in at most ${MAX_COMMENT} characters.`)
});
export type CommentInput = z.infer<typeof commentInput>;

type Parent = { id: string; at_ms: number; written_by: string };

async function readParent(tx: Tx, agencyId: string, impersonationId: string, id: string): Promise<Parent> {
	const [row] = await tx.execute<Parent>(sql`
		SELECT id, at_ms, written_by FROM recording_comment WHERE id = ${id} AND impersonation_id = ${impersonationId}
			AND agency_id = ${agencyId} AND parent_id IS NULL FOR KEY SHARE`);
	if (!row) throw new AppError('not_found', 'The comment you answer is gone.');
	return row;
}

/**
 * @returns whom it told, by name
 * @throws AppError `not_found`; `conflict` once it was erased; `not_allowed` without the permission `review` (logged)
 */
export const addComment =
	({ act, db, ids }: { act: Act; db: Db; ids: Ids }) =>
	async (
		actor: StaffActor,
		input: CommentInput & { impersonationId: string },
		origin: Origin
	): Promise<string[]> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		return act(actor, recordingDeed(head, 'recording.commented', origin), async (tx) => {
			await lockNotes(tx, head.id);
			const parent = input.parent && (await readParent(tx, actor.agencyId, head.id, input.parent));
			const people = await readReviewers(tx, actor.agencyId);
			const named = mentionedIn(input.body, people);
			const answered = parent && people.find(({ id }) => id === parent.written_by);
			const told = [...new Set([...named, ...(answered ? [answered] : [])])].filter(
				({ id }) => id !== actor.staffId
			);
			const at = parent ? parent.at_ms : input.at;
			const place = parent || typeof input.x !== 'number' || typeof input.y !== 'number' ? null : input;
			const id = ids.uuid();
			await tx.execute(sql`
				INSERT INTO recording_comment (id, agency_id, impersonation_id, parent_id, at_ms, place_x, place_y, body, written_by)
				VALUES (${id}, ${actor.agencyId}, ${head.id}, ${parent ? parent.id : null}, ${at}, ${place?.x ?? null},
					${place?.y ?? null}, ${input.body}, ${actor.staffId})`);
			// Not what it says: the log is kept for ever, and a comment may be taken back.
			const details = {
				commentId: id,
				at,
				answers: parent ? parent.id : null,
				tell: told.map((one) => one.id)
			};
			return { value: told.map(({ name }) => name), details };
		});
	};
