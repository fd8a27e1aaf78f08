// Unmasking shows a client's personal data in the clear: an action of its own under the client's account, with the reason,
// beside the opening of the replay. Without it no word behind the blocks is handed out (see read-personal.ts).
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { requireOpened } from './require-opened.ts';
import { readHead } from './read-rows.ts';
import { requireId } from './require-permission.ts';

const MAX_REASON = 300;

export const unmaskInput = z.object({
	reason: z
		.string()
		.trim()
		.min(5, 'Say why you need to see it: the reason stands in the log.')
		.max(MAX_REASON, `Say it in at most ${MAX_REASON} characters.`)
});

/**
 * Logs that the actor unmasks this recording's personal data, and why.
 * @throws AppError `not_found`; `not_allowed` (logged) without the permission, or before the replay was opened
 */
export const unmaskRecording =
	({ act, db }: { act: Act; db: Db }) =>
	async (
		actor: StaffActor,
		input: { impersonationId: string; reason: string; origin: Origin }
	): Promise<void> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		const subject = { type: 'impersonation', id: head.id, label: `${head.client}, ${head.staff}` };
		const deed = {
			action: 'recording.unmasked',
			clientId: head.client_id,
			contactId: head.contact_id,
			impersonationId: head.id,
			subject,
			origin: input.origin
		} as const;
		await act(actor, deed, async (tx) => {
			await requireOpened(tx, actor, head.id);
			return { value: undefined, details: { reason: input.reason } };
		});
	};
