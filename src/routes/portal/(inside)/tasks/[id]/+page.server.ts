import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { may, mayOf } from '#domain/visibility.ts';
import { commentInput } from '#server/usecases/tasks/comment-on-task.ts';
import { taskInput } from '#server/usecases/tasks/task-fields.ts';
import { formAction, loading, requirePortal, showed } from '#web/guard.ts';
import { pageOf } from '../../../list-query.ts';
import { uploadAction } from '../../../upload-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const nothing = z.object({});

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'tasks');
		const pages = { comments: pageOf(event.url, 'comments'), activity: pageOf(event.url, 'activity') };
		const task = await event.locals.app.tasks.read(actor, event.params.id, pages);
		showed(event, 'task', task.id, task.title);
		const sees = (key: 'due_date' | 'assignee' | 'comments' | 'attachments' | 'activity') =>
			may(`tasks.${key}`, view, 'see');
		return {
			task,
			pages,
			may: {
				...mayOf(['tasks.create', 'tasks.complete', 'tasks.delete', 'tasks.due_date'], view),
				...mayOf(['files.download'], view)
			},
			sees: {
				due: sees('due_date'),
				assignee: sees('assignee'),
				comments: sees('comments'),
				attachments: sees('attachments'),
				activity: sees('activity')
			}
		};
	});

const actorOf = (event: RequestEvent) => requirePortal(event, 'tasks').actor;
const idOf = (event: RequestEvent) => ({ id: event.params.id });

export const actions: Actions = {
	edit: formAction(taskInput, async (event: RequestEvent, input) => {
		await event.locals.app.tasks.edit(actorOf(event), { ...idOf(event), ...input }, event.locals.origin);
	}),
	complete: formAction(nothing, async (event: RequestEvent) => {
		await event.locals.app.tasks.complete(actorOf(event), idOf(event), event.locals.origin);
	}),
	reopen: formAction(nothing, async (event: RequestEvent) => {
		await event.locals.app.tasks.reopen(actorOf(event), idOf(event), event.locals.origin);
	}),
	delete: formAction(nothing, async (event: RequestEvent) => {
		await event.locals.app.tasks.delete(actorOf(event), idOf(event), event.locals.origin);
		redirect(303, `/tasks?deleted=${event.params.id}`);
	}),
	restore: formAction(nothing, async (event: RequestEvent) => {
		await event.locals.app.tasks.restore(actorOf(event), idOf(event), event.locals.origin);
		redirect(303, `/tasks/${event.params.id}`);
	}),
	comment: formAction(commentInput, async (event: RequestEvent, { body }) => {
		await event.locals.app.tasks.comment(actorOf(event), { ...idOf(event), body }, event.locals.origin);
	}),
	attach: uploadAction(
		{ area: 'tasks.attachments', needs: 'task.file_attached' },
		nothing,
		async (event: RequestEvent, _input, staged) => {
			if (!staged) throw new AppError('invalid', 'Choose a file first.', { field: 'file' });
			await event.locals.app.tasks.attach(actorOf(event), staged, idOf(event), event.locals.origin);
		}
	)
};
