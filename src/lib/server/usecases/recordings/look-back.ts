// Looking back in a session that runs shows moments at which the one who watches may not have been there, so it is an action of its own,
// once for each opening of the live page. It is no replay: it needs the right to watch, ends with it, and stands on the session's own timeline.
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { readHead } from './read-rows.ts';
import { requireId } from './require-permission.ts';
import { requireWatched } from './require-watched.ts';
import { requireWatchable } from './require-watchable.ts';

/** @throws AppError `not_found`; `impersonation_over`; `not_allowed` (logged); `conflict` while they do not watch it */
export const lookBack =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: { impersonationId: string; origin: Origin }): Promise<void> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		await requireWatchable(db, { agencyId: actor.agencyId, impersonationId: head.id });
		const subject = { type: 'impersonation', id: head.id, label: `${head.client}, ${head.staff}` };
		const deed = {
			action: 'watch.looked_back',
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
