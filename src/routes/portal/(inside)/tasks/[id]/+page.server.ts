import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { commentInput } from '#server/usecases/portal/comment-on-task.ts';
import { taskInput } from '#server/usecases/portal/create-task.ts';
import { formAction, loading, requirePortal, showed } from '#web/guard.ts';
import { uploadAction } from '../../../upload-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const nothing = z.object({});

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'tasks');
		const task = await event.locals.app.portal.readTask(actor, event.params.id);
		showed(event, 'task', task.id, task.title);
		return { task };
	});

const actorOf = (event: RequestEvent) => requirePortal(event, 'tasks').actor;

export const actions: Actions = {
	edit: formAction(taskInput, async (event: RequestEvent, input) => {
		await event.locals.app.portal.editTask(actorOf(event), event.params.id, input, event.locals.origin);
	}),
	complete: formAction(nothing, async (event: RequestEvent) => {
		await event.locals.app.portal.completeTask(actorOf(event), event.params.id, event.locals.origin);
	}),
	reopen: formAction(nothing, async (event: RequestEvent) => {
		await event.locals.app.portal.reopenTask(actorOf(event), event.params.id, event.locals.origin);
	}),
	comment: formAction(commentInput, async (event: RequestEvent, { body }) => {
		await event.locals.app.portal.commentOnTask(actorOf(event), event.params.id, body, event.locals.origin);
	}),
	attach: uploadAction(
		{ area: 'tasks', needs: 'task.file_attached' },
		nothing,
		async (event: RequestEvent, _input, staged) => {
			if (!staged) throw new AppError('invalid', 'Choose a file first.', { field: 'file' });
			await event.locals.app.portal.attachFile(actorOf(event), staged, event.params.id, event.locals.origin);
		}
	)
};
