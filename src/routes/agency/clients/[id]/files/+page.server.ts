import { redirect, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { folderInput } from '#server/usecases/files/create-folder.ts';
import { moveInput } from '#server/usecases/files/move-entry.ts';
import { renameInput } from '#server/usecases/files/rename-entry.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { staffUploadAction } from '../../../../portal/upload-action.ts';
import type { Actions, PageServerLoad } from './$types';

/** Where the forms of the Files tab go: done, they lead back to it; refused, they are answered here. */
export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, permissions } = requireStaff(event, 'clients.read');
		const { agency, files } = event.locals.app;
		const { id, name } = await agency.readClient(actor, event.params.id);
		const data = await files.readForStaff(actor, id, Object.fromEntries(event.url.searchParams));
		return {
			client: { id, name },
			files: data,
			pageSize: PAGE_SIZE,
			mayManage: permissions.has('files.manage')
		};
	});

const actorOf = (event: RequestEvent) => requireStaff(event, 'files.manage').actor;
const clientOf = (event: RequestEvent): string => event.params['id'] ?? '';

/** The tab as it was, without the entry that was being changed. */
function back(event: RequestEvent): never {
	const kept = [...event.url.searchParams].filter(([name]) => !name.startsWith('/') && name !== 'edit');
	redirect(303, `/clients/${clientOf(event)}?${new URLSearchParams([['tab', 'files'], ...kept])}`);
}

const inFolder = z.object({ folder: z.string().max(36).default('') });
const kindOf = z.object({ kind: z.enum(['file', 'folder']) });
const entry = kindOf.extend({ id: z.string().max(36) });

export const actions: Actions = {
	upload: staffUploadAction(
		{ permission: 'files.manage', needs: 'file.uploaded', clientOf },
		inFolder,
		async (event: RequestEvent, { folder }, staged) => {
			if (!staged) throw new AppError('invalid', 'Choose a file first.', { field: 'file' });
			const place = { folderId: folder || null, clientId: clientOf(event) };
			await event.locals.app.files.upload(actorOf(event), staged, place, event.locals.origin);
			back(event);
		}
	),
	folder: formAction(folderInput.extend(inFolder.shape), async (event: RequestEvent, { name, folder }) => {
		const made = { name, parentId: folder || null, clientId: clientOf(event) };
		await event.locals.app.files.createFolder(actorOf(event), made, event.locals.origin);
		back(event);
	}),
	rename: formAction(renameInput.extend(kindOf.shape), async (event: RequestEvent, { kind, ...input }) => {
		const { files } = event.locals.app;
		const rename = kind === 'file' ? files.rename : files.renameFolder;
		await rename(actorOf(event), input, event.locals.origin);
		back(event);
	}),
	move: formAction(moveInput.extend(kindOf.shape), async (event: RequestEvent, { kind, ...input }) => {
		const { files } = event.locals.app;
		const move = kind === 'file' ? files.move : files.moveFolder;
		await move(actorOf(event), input, event.locals.origin);
		back(event);
	}),
	delete: formAction(entry, async (event: RequestEvent, { kind, id }) => {
		const { files } = event.locals.app;
		const remove = kind === 'file' ? files.delete : files.deleteFolder;
		await remove(actorOf(event), { id }, event.locals.origin);
		back(event);
	}),
	restore: formAction(entry, async (event: RequestEvent, { kind, id }) => {
		const { files } = event.locals.app;
		const restore = kind === 'file' ? files.restore : files.restoreFolder;
		await restore(actorOf(event), { id }, event.locals.origin);
		back(event);
	})
};
