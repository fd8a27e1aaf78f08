import { accentStyle } from '#domain/accent.ts';
import { agencyMenu } from '#domain/agency-areas.ts';
import type { LayoutServerLoad } from './$types';

/** What the shell shows; null on the pages before sign-in. */
export const load: LayoutServerLoad = async ({ locals, url }) => {
	const { staff, app } = locals;
	if (!staff) return { me: null };
	// A conversation that is opened, alone or with its order, is read by this very answer: it is not counted any more.
	const opened = /^\/(?:messages|orders)\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1] ?? null;
	const [messages, notices] = await Promise.all([
		staff.permissions.has('messages.manage') ? app.messages.countUnread(staff.actor, undefined, opened) : 0,
		app.notices.countUnread(staff.actor)
	]);
	return {
		me: {
			unread: { messages, notices },
			staffId: staff.actor.staffId,
			name: staff.name,
			email: staff.email,
			role: staff.roleName,
			agency: staff.agency.name,
			logo: staff.agency.logo,
			look: accentStyle(staff.agency.accent),
			menu: agencyMenu(staff.sidebar, staff.permissions),
			permissions: [...staff.permissions]
		}
	};
};
