import { may } from '#domain/visibility.ts';
import { requirePortal } from '#web/guard.ts';
import type { LayoutServerLoad } from './$types';

/** The owner alone has a team to look after. */
export const load: LayoutServerLoad = (event) => {
	const { view } = requirePortal(event, 'account');
	return { showsTeam: view.contact.isOwner && may('account.team', view, 'see') };
};
