import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { MAX_LOGO_BYTES } from '#domain/logo.ts';
import { appearanceInput } from '#server/usecases/settings/save-appearance.ts';
import { failWith, formAction, loading, requireStaff } from '#web/guard.ts';
import { anyForm, checked } from '#web/menu-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'settings.manage');
	return { appearance: await loading(() => event.locals.app.settings.readAppearance(actor)) };
};

const NOTHING = 'Nothing was different.';

/** The picture and the form around it. */
const MAX_FORM_BYTES = MAX_LOGO_BYTES + 16 * 1024;

async function readPicture(request: Request): Promise<Uint8Array> {
	// Attack: without a length, or with a large one, a body would be held in memory whole before anybody looks.
	if (Number(request.headers.get('content-length') ?? Infinity) > MAX_FORM_BYTES) {
		request.body?.pipeTo(new WritableStream()).catch(() => undefined);
		throw new AppError('too_large', 'This picture is larger than 512 KB. Choose a smaller one.', {
			field: 'logo'
		});
	}
	const form = await request.formData().catch(() => null);
	const logo = form?.get('logo');
	if (!(logo instanceof File)) throw new AppError('invalid', 'Choose a picture first.', { field: 'logo' });
	return new Uint8Array(await logo.arrayBuffer());
}

export const actions: Actions = {
	save: formAction(anyForm, async (event, values) => {
		const { actor } = requireStaff(event);
		// A button beside the field: the colour it offers stands for the one that was typed.
		const { name, use } = values;
		const accent = use === 'default' ? '' : (use ?? values['accent']);
		const input = checked(appearanceInput, { name, accent }, ([key]) => String(key));
		const isNew = await event.locals.app.settings.saveAppearance(actor, input, event.locals.origin);
		return { saved: isNew ? 'Saved. Everybody sees it with their next click.' : NOTHING };
	}),
	logo: async (event) => {
		const { actor } = requireStaff(event);
		try {
			const bytes = await readPicture(event.request);
			await event.locals.app.settings.setLogo(actor, bytes, event.locals.origin);
		} catch (caught) {
			return failWith(event, caught);
		}
		return { saved: 'The logo is in place.' };
	},
	removeLogo: formAction(z.object({}), async (event) => {
		const { actor } = requireStaff(event);
		await event.locals.app.settings.removeLogo(actor, event.locals.origin);
		return { saved: 'The logo is gone. The initials stand in its place.' };
	})
};
