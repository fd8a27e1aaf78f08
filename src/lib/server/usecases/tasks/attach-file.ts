// The second half of an upload under a task: the row, with its action on the task.
import type { Origin } from '#domain/actor.ts';
import type { FileId } from '#domain/ids.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';
import { fileDetails, insertFile } from '../files/insert-file.ts';
import { orDiscard, type StagedFile } from '../files/stage-file.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { changeTask, type TaskDependencies } from './change-task.ts';

/**
 * The staged bytes are removed when this fails.
 * @throws AppError `not_found`, `too_large` past the quota; the gate's refusals (logged)
 */
export const attachFile =
	({ ids, blobs, ...deps }: TaskDependencies & { ids: Ids; blobs: Blobs }) =>
	(actor: EitherActor, staged: StagedFile, task: { id: string }, origin: Origin): Promise<FileId> =>
		orDiscard(blobs, staged, () => {
			const id = ids.uuid() as FileId;
			return changeTask(deps, actor, {
				action: 'task.file_attached',
				id: task.id,
				origin,
				async work(tx, { taskId, account }) {
					await insertFile(tx, actor, { id, staged, account, taskId });
					return { value: id, details: { fileId: id, name: staged.name, ...fileDetails(staged) } };
				}
			});
		});
