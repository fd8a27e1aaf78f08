// An answer in a conversation.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';
import { orDiscard, type StagedFile } from '../files/stage-file.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { insertMessage, messageBody } from './insert-message.ts';
import { accountOfThread, reachedThreads } from './reach.ts';

export const messageInput = z.object({ body: messageBody });

type Thread = { subject: string; order_id: string | null };

async function lockThread(tx: Tx, actor: EitherActor, threadId: string): Promise<Thread> {
	// Asked inside the change: what was hidden a moment ago must not be written into.
	const reached = await reachedThreads(tx, actor);
	const [thread] = await tx.execute<Thread>(
		sql`SELECT t.subject, t.order_id FROM thread t WHERE t.id = ${threadId} AND ${reached} FOR UPDATE`
	);
	if (!thread) throw new AppError('not_found', 'There is no such conversation.');
	return thread;
}

type Dependencies = { db: Db; act: Act; ids: Ids; blobs: Blobs };

/**
 * The staged bytes are removed when this fails.
 * @throws AppError `not_found`, also for another client's conversation; the gate's refusals (logged)
 */
export const sendMessage =
	({ db, act, ids, blobs }: Dependencies) =>
	async (
		actor: EitherActor,
		{ threadId: id, body }: { threadId: string; body: string },
		staged: StagedFile | null,
		origin: Origin
	): Promise<void> => {
		const change = async () => {
			const { threadId, ...account } = await accountOfThread(db, actor, id);
			const subject = { type: 'thread', id: threadId };
			const deed = { action: 'message.sent', clientId: account.clientId, subject, origin } as const;
			await act(actor, deed, async (tx) => {
				const thread = await lockThread(tx, actor, threadId);
				const messageId = await insertMessage(tx, actor, ids, { account, threadId, body, staged });
				return {
					value: undefined,
					subject: { ...subject, label: thread.subject },
					details: { messageId, orderId: thread.order_id, attached: staged?.name ?? null }
				};
			});
		};
		await (staged ? orDiscard(blobs, staged, change) : change());
	};
