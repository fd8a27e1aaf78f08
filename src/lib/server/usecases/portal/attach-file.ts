// The second half of an upload under a task: the row, with its action on the task.
import type { Origin, PortalActor } from '#domain/actor.ts';
import type { FileId, TaskId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';
import { fileDetails, insertFile } from './insert-file.ts';
import { lockTask } from './lock-task.ts';
import { requireId } from './scope.ts';
import { orDiscard, type StagedFile } from './stage-file.ts';

/**
 * The staged bytes are removed when this fails.
 * @throws AppError `not_found`; the gate's refusals (logged)
 */
export const attachFile =
	({ act, ids, blobs }: { act: Act; ids: Ids; blobs: Blobs }) =>
	(actor: PortalActor, staged: StagedFile, task: string, origin: Origin): Promise<FileId> =>
		orDiscard(blobs, staged, async () => {
			const taskId = requireId<TaskId>(task, 'task');
			const id = ids.uuid() as FileId;
			const subject = { type: 'task', id: taskId };
			return act(actor, { action: 'task.file_attached', subject, origin }, async (tx) => {
				const { title } = await lockTask(tx, actor, taskId);
				await insertFile(tx, actor, { id, staged, folderId: null, taskId });
				const details = { fileId: id, name: staged.name, ...fileDetails(staged) };
				return { value: id, subject: { ...subject, label: title }, details };
			});
		});
