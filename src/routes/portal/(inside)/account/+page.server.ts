import { mayOf } from '#domain/visibility.ts';
import { profileInput } from '#server/usecases/account/edit-profile.ts';
import { formAction, loading, requirePortal } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'account');
		return {
			profile: await event.locals.app.account.readProfile(actor),
			may: mayOf(['account.profile'], view)
		};
	});

export const actions: Actions = {
	profile: formAction(profileInput, async (event: RequestEvent, input) => {
		const { actor } = requirePortal(event, 'account');
		await event.locals.app.account.editProfile(actor, input, event.locals.origin);
	})
};
