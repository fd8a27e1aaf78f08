import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { folderInput } from '#server/usecases/portal/create-folder.ts';
import { PREVIEW_TYPES } from '#server/usecases/portal/media-type.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { formAction, loading, requirePortal, showed } from '#web/guard.ts';
import { pageOf } from '../../list-query.ts';
import { uploadAction } from '../../upload-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const actorOf = (event: RequestEvent) => requirePortal(event, 'files').actor;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'files');
		const folder = event.url.searchParams.get('folder');
		const page = pageOf(event.url);
		const list = await event.locals.app.portal.listFolder(actor, folder, page);
		const current = list.path.at(-1);
		if (current) showed(event, 'folder', current.id, current.name);
		const files = list.files.map((file) => ({ ...file, hasPreview: PREVIEW_TYPES.has(file.mediaType) }));
		return { ...list, files, folder: current?.id ?? null, page, pageSize: PAGE_SIZE };
	});

/** Which folder a change is about; the top when it is empty. */
const inFolder = z.object({ folder: z.string().max(36).default('') });

export const actions: Actions = {
	upload: uploadAction(
		{ area: 'files', needs: 'file.uploaded' },
		inFolder,
		async (event: RequestEvent, { folder }, staged) => {
			if (!staged) throw new AppError('invalid', 'Choose a file first.', { field: 'file' });
			await event.locals.app.portal.uploadFile(actorOf(event), staged, folder || null, event.locals.origin);
		}
	),
	folder: formAction(folderInput.extend(inFolder.shape), async (event: RequestEvent, { name, folder }) => {
		await event.locals.app.portal.createFolder(actorOf(event), name, folder || null, event.locals.origin);
	}),
	delete: formAction(z.object({ id: z.string().max(36) }), async (event: RequestEvent, { id }) => {
		await event.locals.app.portal.deleteFile(actorOf(event), id, event.locals.origin);
	})
};
