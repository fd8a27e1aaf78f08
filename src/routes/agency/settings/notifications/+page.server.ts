import { SETTABLE_CATEGORIES } from '#domain/notices.ts';
import { noticeDefaultsInput, type NoticeDefaults } from '#server/usecases/settings/save-notice-defaults.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { anyForm } from '#web/menu-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'settings.manage');
	return { wishes: await loading(() => event.locals.app.settings.readNoticeDefaults(actor)) };
};

export const actions: Actions = {
	save: formAction(anyForm, async (event, values) => {
		const { actor } = requireStaff(event);
		const wishes = SETTABLE_CATEGORIES.map((key) => [
			key,
			{ inApp: Object.hasOwn(values, `inApp:${key}`), mail: Object.hasOwn(values, `mail:${key}`) }
		]);
		const input = noticeDefaultsInput.parse(Object.fromEntries(wishes)) as NoticeDefaults;
		const isNew = await event.locals.app.settings.saveNoticeDefaults(actor, input, event.locals.origin);
		const said = 'Saved. It holds for everybody who has not chosen for themselves.';
		return { saved: isNew ? said : 'Nothing was different.' };
	})
};
