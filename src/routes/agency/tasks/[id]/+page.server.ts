import { redirect, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { commentInput } from '#server/usecases/tasks/comment-on-task.ts';
import { staffTaskInput } from '#server/usecases/tasks/task-fields.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { pageOf } from '../../../portal/list-query.ts';
import { staffUploadAction } from '../../../portal/upload-action.ts';
import type { Actions, PageServerLoad } from './$types';

const nothing = z.object({});

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event, 'tasks.manage');
		const { tasks } = event.locals.app;
		const pages = { comments: pageOf(event.url, 'comments'), activity: pageOf(event.url, 'activity') };
		const [task, colleagues] = await Promise.all([
			tasks.readForStaff(actor, event.params.id, pages),
			tasks.colleagues(actor)
		]);
		return { task, pages, colleagues };
	});

const actorOf = (event: RequestEvent) => requireStaff(event, 'tasks.manage').actor;
const idOf = (event: RequestEvent) => ({ id: event.params['id'] ?? '' });

export const actions: Actions = {
	edit: formAction(staffTaskInput, async (event: RequestEvent, input) => {
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
		redirect(303, `/tasks?deleted=${idOf(event).id}`);
	}),
	restore: formAction(nothing, async (event: RequestEvent) => {
		await event.locals.app.tasks.restore(actorOf(event), idOf(event), event.locals.origin);
		redirect(303, `/tasks/${idOf(event).id}`);
	}),
	comment: formAction(commentInput, async (event: RequestEvent, { body }) => {
		await event.locals.app.tasks.comment(actorOf(event), { ...idOf(event), body }, event.locals.origin);
	}),
	attach: staffUploadAction(
		{ permission: 'tasks.manage', needs: 'task.file_attached' },
		nothing,
		async (event: RequestEvent, _input, staged) => {
			if (!staged) throw new AppError('invalid', 'Choose a file first.', { field: 'file' });
			await event.locals.app.tasks.attach(actorOf(event), staged, idOf(event), event.locals.origin);
		}
	)
};
