import { redirect } from '@sveltejs/kit';
import { taskInput } from '#server/usecases/tasks/task-fields.ts';
import { uploadAction } from '../../upload-action.ts';

/** `?/create`, on the list and on the page of the form: the task, then its attachment. */
export const createAction = uploadAction(
	{ area: 'tasks', needs: 'task.created' },
	taskInput,
	async (event, input, staged) => {
		const { app, portal, origin } = event.locals;
		if (!portal) redirect(303, '/login');
		let id;
		try {
			id = await app.tasks.create(portal.actor, input, origin);
		} catch (caught) {
			if (staged) await app.files.discardStaged(staged);
			throw caught;
		}
		if (staged) await app.tasks.attach(portal.actor, staged, { id }, origin);
		redirect(303, `/tasks/${id}`);
	}
);
