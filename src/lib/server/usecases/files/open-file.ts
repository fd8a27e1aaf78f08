// Downloads and previews. A download is a disclosure and goes through the gate; a preview is a look, kept as a view.
import type { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FileId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Db, Reader } from '#server/db/types.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import { accountOfRow, inPortal, requireLook, type EitherActor } from '../portal/either-side.ts';
import { findFile, type FoundFile } from './find-file.ts';
import { previewKind } from './media-type.ts';

export type OpenedFile = { id: FileId; name: string; mediaType: string; bytes: number; stream: Readable };

async function openBlob(blobs: Blobs, file: FoundFile): Promise<OpenedFile> {
	const stream = await blobs.open(file.blobKey);
	if (!stream) throw new AppError('not_found', 'The content of this file is missing. Tell your agency.');
	const { id, name, mediaType, bytes } = file;
	return { id, name, mediaType, bytes, stream };
}

/**
 * What was sent in a conversation is opened by whoever may read that conversation, not by everybody who works with files.
 * @throws AppError `not_allowed`
 */
async function requireConversation(reader: Reader, actor: EitherActor, file: FoundFile): Promise<void> {
	if (inPortal(actor) || !file.messageId) return;
	const held = (await readStaff(reader, actor))?.permissions;
	if (held?.has('messages.manage')) return;
	const ofOrder = await reader.execute(sql`SELECT FROM message m JOIN thread t ON t.id = m.thread_id
		WHERE m.id = ${file.messageId} AND t.order_id IS NOT NULL`);
	if (ofOrder.length === 0 || !held?.has('orders.manage'))
		throw new AppError('not_allowed', 'Your role does not include the conversation of this file.');
}

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const downloadFile =
	({ act, db, blobs }: { act: Act; db: Db; blobs: Blobs }) =>
	async (actor: EitherActor, { id }: { id: string }, origin: Origin): Promise<OpenedFile> => {
		const account = await accountOfRow(db, actor, { table: 'file', id });
		const subject = { type: 'file', id };
		const deed = { action: 'file.downloaded', clientId: account.clientId, subject, origin } as const;
		const file = await act(actor, deed, async (tx) => {
			const found = await findFile(tx, actor, account, id as FileId);
			await requireConversation(tx, actor, found);
			const details = { bytes: found.bytes, sha256: found.sha256 };
			return { value: found, subject: { ...subject, label: found.name }, details };
		});
		return openBlob(blobs, file);
	};

/** @throws AppError `not_found`, also for anything that has no preview */
export const previewFile =
	({ db, blobs }: { db: Db; blobs: Blobs }) =>
	async (actor: EitherActor, id: string): Promise<OpenedFile> => {
		const account = await accountOfRow(db, actor, { table: 'file', id });
		await requireLook(db, actor, { area: 'files', clientId: account.clientId });
		const file = await findFile(db, actor, account, id as FileId);
		await requireConversation(db, actor, file);
		if (!previewKind(file.mediaType)) throw new AppError('not_found', 'There is no preview of this file.');
		return openBlob(blobs, file);
	};

/** Of a long text only the beginning is shown; the rest is in the download. */
const MAX_SHOWN_BYTES = 200_000;

/** The beginning of a text file, as text. */
export const readText =
	({ db, blobs }: { db: Db; blobs: Blobs }) =>
	async (actor: EitherActor, id: string): Promise<{ text: string; isCut: boolean }> => {
		const account = await accountOfRow(db, actor, { table: 'file', id });
		await requireLook(db, actor, { area: 'files', clientId: account.clientId });
		const file = await findFile(db, actor, account, id as FileId);
		await requireConversation(db, actor, file);
		if (previewKind(file.mediaType) !== 'text')
			throw new AppError('not_found', 'There is no preview of this file.');
		const stream = await blobs.open(file.blobKey, { start: 0, end: MAX_SHOWN_BYTES - 1 });
		const chunks: Buffer[] = [];
		if (stream) for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
		const text = new TextDecoder().decode(Buffer.concat(chunks), { stream: true });
		return { text, isCut: file.bytes > MAX_SHOWN_BYTES };
	};
