import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { mayOf } from '#domain/visibility.ts';
import { folderInput } from '#server/usecases/files/create-folder.ts';
import { FILE_SORTS } from '#server/usecases/files/list-folder.ts';
import { previewKind } from '#server/usecases/files/media-type.ts';
import { moveInput } from '#server/usecases/files/move-entry.ts';
import { renameInput } from '#server/usecases/files/rename-entry.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { formAction, loading, requirePortal, showed } from '#web/guard.ts';
import { choiceOf, pageOf } from '../../list-query.ts';
import { uploadAction } from '../../upload-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const MAX_QUERY = 100;

const actorOf = (event: RequestEvent) => requirePortal(event, 'files').actor;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'files');
		const { files } = event.locals.app;
		const { searchParams } = event.url;
		const page = pageOf(event.url);
		const query = {
			folder: searchParams.get('folder'),
			q: (searchParams.get('q') ?? '').trim().slice(0, MAX_QUERY),
			sort: choiceOf(event.url, 'sort', FILE_SORTS),
			page
		};
		const may = mayOf(['files.upload', 'files.organize', 'files.delete', 'files.download'], view);
		const [list, deleted, places] = await Promise.all([
			files.listFolder(actor, query),
			searchParams.get('view') === 'deleted' ? files.listDeleted(actor, { page }) : null,
			may['files.organize'] ? files.listPlaces(actor) : []
		]);
		const current = list.path.at(-1);
		if (current) showed(event, 'folder', current.id, current.name);
		const rows = list.files.map((file) => ({ ...file, preview: previewKind(file.mediaType) }));
		return {
			...{ ...list, files: rows, deleted, places, may, page, pageSize: PAGE_SIZE },
			folder: current?.id ?? null,
			q: query.q,
			sort: query.sort
		};
	});

/** Which folder a change is about; the top when it is empty. */
const inFolder = z.object({ folder: z.string().max(36).default('') });
/** Files and folders are in one list: the form says which it is about. */
const kind = z.object({ kind: z.enum(['file', 'folder']) });
const entry = kind.extend({ id: z.string().max(36) });

export const actions: Actions = {
	upload: uploadAction(
		{ area: 'files', needs: 'file.uploaded' },
		inFolder,
		async (event: RequestEvent, { folder }, staged) => {
			if (!staged) throw new AppError('invalid', 'Choose a file first.', { field: 'file' });
			const place = { folderId: folder || null };
			await event.locals.app.files.upload(actorOf(event), staged, place, event.locals.origin);
		}
	),
	folder: formAction(folderInput.extend(inFolder.shape), async (event: RequestEvent, { name, folder }) => {
		const made = { name, parentId: folder || null };
		await event.locals.app.files.createFolder(actorOf(event), made, event.locals.origin);
	}),
	rename: formAction(renameInput.extend(kind.shape), async (event: RequestEvent, input) => {
		const { files } = event.locals.app;
		const rename = input.kind === 'file' ? files.rename : files.renameFolder;
		await rename(actorOf(event), { id: input.id, name: input.name }, event.locals.origin);
	}),
	move: formAction(moveInput.extend(kind.shape), async (event: RequestEvent, input) => {
		const { files } = event.locals.app;
		const move = input.kind === 'file' ? files.move : files.moveFolder;
		await move(actorOf(event), { id: input.id, to: input.to }, event.locals.origin);
	}),
	delete: formAction(entry, async (event: RequestEvent, input) => {
		const { files } = event.locals.app;
		const remove = input.kind === 'file' ? files.delete : files.deleteFolder;
		await remove(actorOf(event), { id: input.id }, event.locals.origin);
	}),
	restore: formAction(entry, async (event: RequestEvent, input) => {
		const { files } = event.locals.app;
		const restore = input.kind === 'file' ? files.restore : files.restoreFolder;
		await restore(actorOf(event), { id: input.id }, event.locals.origin);
	})
};
