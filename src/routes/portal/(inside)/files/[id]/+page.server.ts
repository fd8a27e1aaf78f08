import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { mayOf } from '#domain/visibility.ts';
import { moveInput } from '#server/usecases/files/move-entry.ts';
import { renameInput } from '#server/usecases/files/rename-entry.ts';
import { formAction, loading, requirePortal, showed } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'files');
		const { files } = event.locals.app;
		const file = await files.read(actor, event.params.id);
		showed(event, 'file', file.id, file.name);
		const may = mayOf(['files.organize', 'files.delete', 'files.download'], view);
		const [text, places] = await Promise.all([
			file.preview === 'text' ? files.readText(actor, file.id) : null,
			may['files.organize'] && !file.isAttachment ? files.listPlaces(actor) : []
		]);
		return { file, text, places, may };
	});

const actorOf = (event: RequestEvent) => requirePortal(event, 'files').actor;
const idOf = (event: RequestEvent) => ({ id: event.params.id });

export const actions: Actions = {
	rename: formAction(renameInput.pick({ name: true }), async (event: RequestEvent, { name }) => {
		await event.locals.app.files.rename(actorOf(event), { ...idOf(event), name }, event.locals.origin);
	}),
	move: formAction(moveInput.pick({ to: true }), async (event: RequestEvent, { to }) => {
		await event.locals.app.files.move(actorOf(event), { ...idOf(event), to }, event.locals.origin);
	}),
	delete: formAction(
		z.object({ folder: z.string().max(36).default('') }),
		async (event: RequestEvent, input) => {
			await event.locals.app.files.delete(actorOf(event), idOf(event), event.locals.origin);
			const back = { ...(input.folder && { folder: input.folder }), deleted: `file:${event.params.id}` };
			redirect(303, `/files?${new URLSearchParams(back)}`);
		}
	)
};
