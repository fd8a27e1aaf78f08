import { noticesInput, profileInput, wayOf } from '#server/usecases/account/edit-profile.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requireStaff(event);
		const { account } = event.locals.app;
		const [profile, choices] = await Promise.all([
			account.readProfile(actor),
			account.readNoticeChoices(actor)
		]);
		return {
			profile,
			choices: choices.map(({ category, label, wish }) => ({ category, label, way: wayOf(wish) }))
		};
	});

export const actions: Actions = {
	profile: formAction(profileInput, async (event: RequestEvent, input) => {
		await event.locals.app.account.editProfile(requireStaff(event).actor, input, event.locals.origin);
	}),
	notices: formAction(noticesInput, async (event: RequestEvent, input) => {
		await event.locals.app.account.changeNotices(requireStaff(event).actor, input, event.locals.origin);
		return { noticesSaved: true };
	})
};
