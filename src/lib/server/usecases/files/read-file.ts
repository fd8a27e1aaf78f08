// One file's page: what it is, where it lies, how it can be shown.
import type { FileId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { accountOfRow, requireLook, type EitherActor } from '../portal/either-side.ts';
import type { Maker } from '../portal/scope.ts';
import { findFile } from './find-file.ts';
import { readPath, type FolderList } from './list-folder.ts';
import { previewKind, type PreviewKind } from './media-type.ts';

export type FileDetail = {
	id: FileId;
	name: string;
	mediaType: string;
	bytes: number;
	createdAt: number;
	maker: Maker;
	path: FolderList['path'];
	preview: PreviewKind | null;
	/** An attachment is looked at here, and kept where it belongs. */
	isAttachment: boolean;
	taskId: string | null;
};

/** @throws AppError `not_found`, also for another client's file */
export const readFile =
	({ db }: { db: Db }) =>
	async (actor: EitherActor, id: string): Promise<FileDetail> => {
		const account = await accountOfRow(db, actor, { table: 'file', id });
		await requireLook(db, actor, { area: 'files', clientId: account.clientId });
		const file = await findFile(db, actor, account, id as FileId);
		const { name, mediaType, bytes, createdAt, maker, taskId } = file;
		return {
			id: file.id,
			name,
			mediaType,
			bytes,
			createdAt,
			maker,
			taskId,
			path: file.folderId ? await readPath(db, account, file.folderId) : [],
			preview: previewKind(mediaType),
			isAttachment: Boolean(taskId ?? file.orderId ?? file.messageId)
		};
	};
