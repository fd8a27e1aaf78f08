// Downloads and previews. A download is a disclosure and goes through the gate; a preview is a look, kept as a view.
import type { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FileId } from '#domain/ids.ts';
import { may } from '#domain/visibility.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Reader } from '#server/db/types.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import { PREVIEW_TYPES } from './media-type.ts';
import { ownRows, requireArea, requireId } from './scope.ts';

export type OpenedFile = { id: FileId; name: string; mediaType: string; bytes: number; stream: Readable };

type Row = {
	name: string;
	media_type: string;
	bytes: string;
	sha256: string;
	blob_key: string;
	task_id: string | null;
	task_visible: boolean | null;
};

/** @throws AppError `not_found`, also for another client's file and for one under a task the client may not see */
async function findFile(reader: Reader, actor: PortalActor, id: FileId): Promise<Row> {
	const view = await requireArea(reader, actor, 'files');
	const [row] = await reader.execute<Row>(sql`
		SELECT f.name, f.media_type, f.bytes, f.sha256, f.blob_key, f.task_id, t.client_visible AS task_visible
		FROM file f LEFT JOIN task t ON t.id = f.task_id
		WHERE f.id = ${id} AND ${ownRows(actor, 'f')} AND f.deleted_at IS NULL`);
	const isReachable = row && (!row.task_id || (row.task_visible && may('tasks', view, 'see')));
	if (!isReachable) throw new AppError('not_found', 'There is no such file.');
	return row;
}

async function openBlob(blobs: Blobs, id: FileId, row: Row): Promise<OpenedFile> {
	const stream = await blobs.open(row.blob_key);
	if (!stream) throw new AppError('not_found', 'The content of this file is missing. Tell your agency.');
	return { id, name: row.name, mediaType: row.media_type, bytes: Number(row.bytes), stream };
}

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const downloadFile =
	({ act, blobs }: { act: Act; blobs: Blobs }) =>
	async (actor: PortalActor, id: string, origin: Origin): Promise<OpenedFile> => {
		const fileId = requireId<FileId>(id, 'file');
		const subject = { type: 'file', id: fileId };
		const row = await act(actor, { action: 'file.downloaded', subject, origin }, async (tx) => {
			const found = await findFile(tx, actor, fileId);
			const details = { bytes: Number(found.bytes), sha256: found.sha256 };
			return { value: found, subject: { ...subject, label: found.name }, details };
		});
		return openBlob(blobs, fileId, row);
	};

/** @throws AppError `not_found`, also for anything that is not a plain raster image */
export const previewFile =
	({ db, blobs }: { db: Db; blobs: Blobs }) =>
	async (actor: PortalActor, id: string): Promise<OpenedFile> => {
		const fileId = requireId<FileId>(id, 'file');
		const row = await findFile(db, actor, fileId);
		if (!PREVIEW_TYPES.has(row.media_type))
			throw new AppError('not_found', 'There is no preview of this file.');
		return openBlob(blobs, fileId, row);
	};
