// The rows of a conversation and of a message in it, inside a change that the gate opened. Orders write theirs by it too.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { FileId, MessageId, OrderId, ThreadId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { insertFile } from '../files/insert-file.ts';
import type { StagedFile } from '../files/stage-file.ts';
import type { Account, EitherActor } from '../portal/either-side.ts';
import { stamp } from '../portal/scope.ts';

export const messageBody = z
	.string()
	.trim()
	.min(1, 'Write something first.')
	.max(10_000, 'Keep the message under 10,000 characters, or attach it as a file.');

export type NewMessage = { account: Account; threadId: ThreadId; body: string; staged?: StagedFile | null };

/** @throws AppError `too_large` when the attachment does not fit the client's storage */
export async function insertMessage(
	tx: Tx,
	actor: EitherActor,
	ids: Ids,
	message: NewMessage
): Promise<MessageId> {
	const { account, threadId, body, staged } = message;
	const id = ids.uuid() as MessageId;
	await tx.execute(sql`
		INSERT INTO message (id, agency_id, client_id, thread_id, body, made_by_contact_id, made_by_staff_id, impersonation_id)
		VALUES (${id}, ${account.agencyId}, ${account.clientId}, ${threadId}, ${body}, ${stamp(actor)})`);
	await tx.execute(sql`UPDATE thread SET last_message_at = clock_timestamp() WHERE id = ${threadId}`);
	if (staged) await insertFile(tx, actor, { id: ids.uuid() as FileId, staged, account, messageId: id });
	return id;
}

export type NewThread = { account: Account; subject: string; orderId?: OrderId };

/** A conversation without a message yet; put one into it in the same change. */
export async function insertThread(
	tx: Tx,
	actor: EitherActor,
	ids: Ids,
	thread: NewThread
): Promise<ThreadId> {
	const { account, subject, orderId } = thread;
	const id = ids.uuid() as ThreadId;
	await tx.execute(sql`
		INSERT INTO thread (id, agency_id, client_id, order_id, subject, made_by_contact_id, made_by_staff_id, impersonation_id)
		VALUES (${id}, ${account.agencyId}, ${account.clientId}, ${orderId ?? null}::uuid, ${subject}, ${stamp(actor)})`);
	return id;
}

/** The one conversation of an order; made when somebody writes first. The order's row must be locked by the caller. */
export async function threadOfOrder(
	tx: Tx,
	actor: EitherActor,
	ids: Ids,
	order: { account: Account; orderId: OrderId; subject: string }
): Promise<ThreadId> {
	const { account, orderId } = order;
	const [found] = await tx.execute<{ id: ThreadId }>(sql`SELECT id FROM thread WHERE order_id = ${orderId}
		AND agency_id = ${account.agencyId} AND client_id = ${account.clientId}`);
	return found?.id ?? insertThread(tx, actor, ids, order);
}
