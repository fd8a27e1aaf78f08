// Use cases of files, folders and uploads, on both sides.
import type { Readable } from 'node:stream';
import type { Origin } from '#domain/actor.ts';
import { createFolder } from '../usecases/files/create-folder.ts';
import { deleteFile, deleteFolder, restoreFile, restoreFolder } from '../usecases/files/delete-entry.ts';
import { listDeleted } from '../usecases/files/list-deleted.ts';
import { listFolder } from '../usecases/files/list-folder.ts';
import { listPlaces } from '../usecases/files/list-places.ts';
import { moveFile, moveFolder } from '../usecases/files/move-entry.ts';
import { downloadFile, previewFile, readText } from '../usecases/files/open-file.ts';
import { purgeFiles } from '../usecases/files/purge-files.ts';
import { readFile } from '../usecases/files/read-file.ts';
import { readStaffFiles } from '../usecases/files/read-staff-files.ts';
import { renameFile, renameFolder } from '../usecases/files/rename-entry.ts';
import { requireUpload, stageFile, type StagedFile } from '../usecases/files/stage-file.ts';
import { uploadFile } from '../usecases/files/upload-file.ts';
import {
	beginUpload,
	expireUploads,
	finishUpload,
	forgetUpload,
	requireOwnUpload
} from '../usecases/files/uploads.ts';
import { accountOf, type EitherActor } from '../usecases/portal/either-side.ts';
import type { Parts } from './parts.ts';

/** Where the protocol of resumable uploads is spoken: on the portal's host, and for each client on the agency's. */
const UPLOADS_PATH = '/files/uploads';
const staffPath = (clientId: string): string => `/clients/${clientId}/files/uploads`;

function composeUploads(parts: Parts, deps: Parameters<typeof beginUpload>[0]) {
	const { db, uploads } = parts;
	const begin = beginUpload(deps);
	const check = requireOwnUpload(deps);
	const finish = finishUpload(deps);
	const forget = forgetUpload({ db });
	const expire = expireUploads({ db });
	return {
		/**
		 * Answers one request of the protocol. Staff name the client whose storage it goes to.
		 * @throws AppError as the use cases do
		 */
		async answerUpload(
			request: Request,
			actor: EitherActor,
			origin: Origin,
			clientId?: string
		): Promise<Response> {
			const account = accountOf(actor, clientId);
			const uploader = { actor, account, origin };
			const path = actor.kind === 'staff' ? staffPath(account.clientId) : UPLOADS_PATH;
			return uploads.answer(request, path, {
				begin: (asked) => begin(uploader, asked),
				check: (id) => check(uploader, id),
				finish: (id, source: Readable) => finish(uploader, id, source),
				forget: (id) => forget(uploader, id)
			});
		},
		/** Removes uploads that nobody went on with. */
		expireUploads: async (): Promise<void> => {
			for (const id of await expire()) await uploads.remove(id);
			await uploads.removeExpired();
		}
	};
}

export function composeFiles(parts: Parts) {
	const { db, act, ids, blobs } = parts;
	const changes = { act, db };
	const bytes = {
		requireUpload: requireUpload({ act }),
		stageFile: stageFile({ ids, blobs }),
		uploadFile: uploadFile({ act, ids, blobs })
	};
	return {
		...composeUploads(parts, { db, ids, ...bytes }),
		requireUpload: bytes.requireUpload,
		stageFile: bytes.stageFile,
		/** Removes staged bytes that no change will name. */
		discardStaged: (staged: StagedFile) => blobs.remove(staged.key),
		upload: bytes.uploadFile,
		listFolder: listFolder({ db }),
		listDeleted: listDeleted({ db }),
		listPlaces: listPlaces({ db }),
		read: readFile({ db }),
		readForStaff: readStaffFiles({ db }),
		readText: readText({ db, blobs }),
		createFolder: createFolder({ act, ids }),
		renameFolder: renameFolder(changes),
		moveFolder: moveFolder(changes),
		deleteFolder: deleteFolder(changes),
		restoreFolder: restoreFolder(changes),
		rename: renameFile(changes),
		move: moveFile(changes),
		delete: deleteFile(changes),
		restore: restoreFile(changes),
		download: downloadFile({ act, db, blobs }),
		preview: previewFile({ db, blobs }),
		purge: purgeFiles({ db, blobs })
	};
}
