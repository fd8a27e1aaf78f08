// One choice for many clients of the list. Each client is a change of its own with its own row in the log: what is
// refused for one is told and does not keep the others from it.
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { isAppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { AssignOneInput } from './assign-client.ts';
import { idList } from './client-fields.ts';
import type { StatusInput } from './change-client-status.ts';

/** As many as a page of the list shows, with room for the next size. */
const MAX_AT_ONCE = 100;

export const bulkInput = z
	.object({
		clientIds: idList(MAX_AT_ONCE).min(1, 'Choose at least one client.'),
		what: z.enum(['assign', 'unassign', 'archive', 'restore', 'activate', 'deactivate']),
		staffId: z.string().default(''),
		/** For `restore`: those that were inactive before they were archived. */
		wasInactive: idList(MAX_AT_ONCE).default([])
	})
	.refine(({ what, staffId }) => !what.endsWith('assign') || isUuid(staffId), {
		path: ['staffId'],
		message: 'Choose a colleague.'
	});
export type BulkInput = z.infer<typeof bulkInput>;

export type BulkAnswer = {
	done: string[];
	/** Which of them were inactive before, so that undoing an archive is exact. */
	wasInactive: string[];
	/** How many could not be changed, and the first sentence that says why. */
	left: number;
	sentence: string | null;
};

type Dependencies = {
	changeStatus(actor: StaffActor, input: StatusInput, origin: Origin): Promise<{ before: string }>;
	assignOne(actor: StaffActor, input: AssignOneInput, origin: Origin): Promise<void>;
};

/** @throws AppError `not_allowed` (logged) when the actor may not at all */
export function changeClients({ changeStatus, assignOne }: Dependencies) {
	const one = async (
		actor: StaffActor,
		clientId: string,
		{ what, staffId, wasInactive }: BulkInput,
		origin: Origin
	): Promise<string | null> => {
		if (what !== 'assign' && what !== 'unassign') {
			const to = wasInactive.includes(clientId) ? 'inactive' : 'active';
			return (await changeStatus(actor, { clientId, change: what, to }, origin)).before;
		}
		await assignOne(actor, { clientId, staffId, look: what === 'assign' ? 'add' : 'remove' }, origin);
		return null;
	};
	return async (actor: StaffActor, input: BulkInput, origin: Origin): Promise<BulkAnswer> => {
		const answer: BulkAnswer = { done: [], wasInactive: [], left: 0, sentence: null };
		for (const clientId of new Set(input.clientIds)) {
			try {
				const before = await one(actor, clientId, input, origin);
				answer.done.push(clientId);
				if (before === 'inactive') answer.wasInactive.push(clientId);
			} catch (error) {
				// Who may not do it for one may not for any: once is evidence enough.
				if (!isAppError(error) || error.code === 'not_allowed') throw error;
				answer.left += 1;
				answer.sentence ??= error.message;
			}
		}
		return answer;
	};
}
