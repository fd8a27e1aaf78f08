import { redirect } from '@sveltejs/kit';
import { taskInput } from '#server/usecases/portal/create-task.ts';
import { uploadAction } from '../../upload-action.ts';

/** `?/create`, on the list and on the page of the form: the task, then its attachment. */
export const createAction = uploadAction(
	{ area: 'tasks', needs: 'task.created' },
	taskInput,
	async (event, input, staged) => {
		const { app, portal, origin } = event.locals;
		if (!portal) redirect(303, '/login');
		let taskId;
		try {
			taskId = await app.portal.createTask(portal.actor, input, origin);
		} catch (caught) {
			if (staged) await app.portal.discardStaged(staged);
			throw caught;
		}
		if (staged) await app.portal.attachFile(portal.actor, staged, taskId, origin);
		redirect(303, `/tasks/${taskId}`);
	}
);
