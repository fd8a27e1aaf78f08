// Use cases of the portal.
import { attachFile } from '../usecases/portal/attach-file.ts';
import { commentOnTask } from '../usecases/portal/comment-on-task.ts';
import { completeTask, reopenTask } from '../usecases/portal/complete-task.ts';
import { createFolder } from '../usecases/portal/create-folder.ts';
import { createTask } from '../usecases/portal/create-task.ts';
import { deleteFile } from '../usecases/portal/delete-file.ts';
import { editTask } from '../usecases/portal/edit-task.ts';
import { listFolder } from '../usecases/portal/list-folder.ts';
import { listInvoices } from '../usecases/portal/list-invoices.ts';
import { listTasks } from '../usecases/portal/list-tasks.ts';
import { downloadFile, previewFile } from '../usecases/portal/open-file.ts';
import { readAccessHistory } from '../usecases/portal/read-access-history.ts';
import { readBrand } from '../usecases/portal/read-brand.ts';
import { readHome } from '../usecases/portal/read-home.ts';
import { readInvoice } from '../usecases/portal/read-invoice.ts';
import { readTask } from '../usecases/portal/read-task.ts';
import { requireUpload, stageFile, type StagedFile } from '../usecases/portal/stage-file.ts';
import { uploadFile } from '../usecases/portal/upload-file.ts';
import type { Parts } from './parts.ts';

export function composePortal({ db, act, ids, blobs }: Parts) {
	return {
		readBrand: readBrand({ db }),
		readHome: readHome({ db }),
		listTasks: listTasks({ db }),
		readTask: readTask({ db }),
		createTask: createTask({ act, ids }),
		editTask: editTask({ act }),
		completeTask: completeTask({ act }),
		reopenTask: reopenTask({ act }),
		commentOnTask: commentOnTask({ act, ids }),
		requireUpload: requireUpload({ act }),
		stageFile: stageFile({ ids, blobs }),
		/** Removes staged bytes that no change will name. */
		discardStaged: (staged: StagedFile) => blobs.remove(staged.key),
		attachFile: attachFile({ act, ids, blobs }),
		uploadFile: uploadFile({ act, ids, blobs }),
		listFolder: listFolder({ db }),
		createFolder: createFolder({ act, ids }),
		downloadFile: downloadFile({ act, blobs }),
		previewFile: previewFile({ db, blobs }),
		deleteFile: deleteFile({ act }),
		listInvoices: listInvoices({ db }),
		readInvoice: readInvoice({ db }),
		readAccessHistory: readAccessHistory({ db })
	};
}
