// A replay shows a client's data, so opening one is an action under the client's account; without it no event is
// handed out (see require-opened.ts).
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { readHead } from './read-rows.ts';
import { requireId } from './require-permission.ts';
import { requireWatched } from './require-watched.ts';

/**
 * Logs that the actor opened this recording; called once for each opening of its page.
 * @throws AppError `not_found`; `not_allowed` (logged); `conflict` while it runs and the actor does not watch it
 */
export const openReplay =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: { impersonationId: string; origin: Origin }): Promise<void> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		const subject = { type: 'impersonation', id: head.id, label: `${head.client}, ${head.staff}` };
		const deed = {
			action: 'recording.replayed',
			clientId: head.client_id,
			contactId: head.contact_id,
			impersonationId: head.id,
			subject,
			origin: input.origin
		} as const;
		await act(actor, deed, async (tx) => {
			await requireWatched(tx, actor, head.id);
			return { value: undefined, subject };
		});
	};
