// Begins a conversation: a contact with the agency, or staff with a client.
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import type { ThreadId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';
import { orDiscard, type StagedFile } from '../files/stage-file.ts';
import { accountOf, requireAccount, type EitherActor } from '../portal/either-side.ts';
import { insertMessage, insertThread, messageBody } from './insert-message.ts';

export const threadInput = z.object({
	subject: z
		.string()
		.trim()
		.min(1, 'Say in a few words what it is about.')
		.max(200, 'Keep the subject under 200 characters.'),
	body: messageBody,
	/** Read from staff only. */
	clientId: z.string().default('')
});
export type ThreadInput = z.infer<typeof threadInput>;

type Dependencies = { act: Act; ids: Ids; blobs: Blobs };

/**
 * The staged bytes are removed when this fails.
 * @throws AppError `not_found` for a client that is not the actor's; the gate's refusals (logged)
 */
export const startThread =
	({ act, ids, blobs }: Dependencies) =>
	async (
		actor: EitherActor,
		{ subject: about, body, clientId }: ThreadInput,
		staged: StagedFile | null,
		origin: Origin
	): Promise<ThreadId> => {
		const change = async () => {
			const account = accountOf(actor, clientId);
			const deed = { action: 'thread.started', clientId: account.clientId, origin } as const;
			return act(actor, deed, async (tx) => {
				await requireAccount(tx, actor, account);
				const threadId = await insertThread(tx, actor, ids, { account, subject: about });
				const messageId = await insertMessage(tx, actor, ids, { account, threadId, body, staged });
				return {
					value: threadId,
					subject: { type: 'thread', id: threadId, label: about },
					details: { messageId, attached: staged?.name ?? null }
				};
			});
		};
		return staged ? orDiscard(blobs, staged, change) : change();
	};
