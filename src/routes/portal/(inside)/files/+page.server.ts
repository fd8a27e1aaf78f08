import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import { mayOf } from '#domain/visibility.ts';
import { folderInput } from '#server/usecases/files/create-folder.ts';
import { DELETED_SORTS } from '#server/usecases/files/list-deleted.ts';
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
		const binSort = choiceOf(event.url, 'sort', DELETED_SORTS);
		const [list, deleted, places] = await Promise.all([
			files.listFolder(actor, query),
			searchParams.get('view') === 'deleted' ? files.listDeleted(actor, { page, sort: binSort }) : null,
			may['files.organize'] ? files.listPlaces(actor) : []
		]);
		const current = list.path.at(-1);
		if (current) showed(event, 'folder', current.id, current.name);
		const rows = list.files.map((file) => ({ ...file, preview: previewKind(file.mediaType) }));
		return {
			...list,
			files: rows,
			deleted,
			places,
			may,
			page,
			pageSize: PAGE_SIZE,
			folder: current?.id ?? null,
			undo: undoOf(searchParams.get('deleted')),
			q: query.q,
			sort: query.sort,
			binSort
		};
	});

/** What was deleted a moment ago, as the address says: `file:…` or `folder:…`. */
function undoOf(text: string | null): { kind: 'file' | 'folder'; id: string } | null {
	const [kind, id] = text?.split(':') ?? [];
	return (kind === 'file' || kind === 'folder') && id && isUuid(id) ? { kind, id } : null;
}

/** Which folder a change is about; the top when it is empty. */
const inFolder = z.object({ folder: z.string().max(36).default('') });
/** Files and folders are in one list: the form says which it is about. */
const kindOf = z.object({ kind: z.enum(['file', 'folder']) });
const entry = kindOf.extend({ id: z.string().max(36) });

/** Back to the list as it was, with what can be undone; to the top when the folder that was shown is the deleted one. */
function afterDelete(url: URL, { kind: what, id }: z.infer<typeof entry>): string {
	const kept = [...url.searchParams].filter(
		([name, value]) => !name.startsWith('/') && name !== 'deleted' && value !== id
	);
	return `/files?${new URLSearchParams([...kept, ['deleted', `${what}:${id}`]])}`;
}

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
	rename: formAction(renameInput.extend(kindOf.shape), async (event: RequestEvent, input) => {
		const { files } = event.locals.app;
		const rename = input.kind === 'file' ? files.rename : files.renameFolder;
		await rename(actorOf(event), { id: input.id, name: input.name }, event.locals.origin);
	}),
	move: formAction(moveInput.extend(kindOf.shape), async (event: RequestEvent, input) => {
		const { files } = event.locals.app;
		const move = input.kind === 'file' ? files.move : files.moveFolder;
		await move(actorOf(event), { id: input.id, to: input.to }, event.locals.origin);
	}),
	delete: formAction(entry, async (event: RequestEvent, input) => {
		const { files } = event.locals.app;
		const remove = input.kind === 'file' ? files.delete : files.deleteFolder;
		await remove(actorOf(event), { id: input.id }, event.locals.origin);
		redirect(303, afterDelete(event.url, input));
	}),
	restore: formAction(entry, async (event: RequestEvent, input) => {
		const { files } = event.locals.app;
		const restore = input.kind === 'file' ? files.restore : files.restoreFolder;
		await restore(actorOf(event), { id: input.id }, event.locals.origin);
	})
};
