// Use cases of tasks, on both sides.
import { attachFile } from '../usecases/tasks/attach-file.ts';
import { commentOnTask } from '../usecases/tasks/comment-on-task.ts';
import { completeTask, reopenTask } from '../usecases/tasks/complete-task.ts';
import { createTask } from '../usecases/tasks/create-task.ts';
import { deleteTask, restoreTask } from '../usecases/tasks/delete-task.ts';
import { editTask } from '../usecases/tasks/edit-task.ts';
import {
	findTaskClients,
	listClientTasks,
	listColleagues,
	listStaffTasks
} from '../usecases/tasks/list-staff-tasks.ts';
import { listTasks, readBoard } from '../usecases/tasks/list-tasks.ts';
import { readStaffTask, readTask } from '../usecases/tasks/read-task.ts';
import type { Parts } from './parts.ts';

export const composeTasks = ({ db, act, ids, blobs }: Parts) => ({
	list: listTasks({ db }),
	board: readBoard({ db }),
	read: readTask({ db }),
	create: createTask({ act, ids }),
	edit: editTask({ act, db }),
	complete: completeTask({ act, db }),
	reopen: reopenTask({ act, db }),
	comment: commentOnTask({ act, db, ids }),
	attach: attachFile({ act, db, ids, blobs }),
	delete: deleteTask({ act, db }),
	restore: restoreTask({ act, db }),
	listForStaff: listStaffTasks({ db }),
	listOfClient: listClientTasks({ db }),
	readForStaff: readStaffTask({ db }),
	colleagues: listColleagues({ db }),
	findClients: findTaskClients({ db })
});
