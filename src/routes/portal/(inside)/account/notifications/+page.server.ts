import { noticesInput, wayOf } from '#server/usecases/account/edit-profile.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { ownAction } from '../own-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'account');
		const choices = await event.locals.app.account.readNoticeChoices(actor, view);
		return { choices: choices.map(({ category, label, wish }) => ({ category, label, way: wayOf(wish) })) };
	});

export const actions: Actions = {
	notices: ownAction('notifications.changed', noticesInput, async (event: RequestEvent, actor, input) => {
		await event.locals.app.account.changeNotices(actor, input, event.locals.origin);
		return { noticesSaved: true };
	})
};
