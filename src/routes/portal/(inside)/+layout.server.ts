import { redirect } from '@sveltejs/kit';
import { accentStyle } from '#domain/accent.ts';
import { portalMenu } from '#domain/visibility.ts';
import type { LayoutServerLoad } from './$types';

/** Whose portal it is, its menu, and while impersonating what the banner says. */
export const load: LayoutServerLoad = async ({ locals, url }) => {
	const { portal, inside, page, app } = locals;
	if (!portal) redirect(303, '/login');
	// A conversation that is opened, alone or with its order, is read by this very answer: it is not counted any more.
	const opened = /^\/(?:messages|orders)\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1] ?? null;
	const { actor, view } = portal;
	const [messages, notices, visits] = await Promise.all([
		app.messages.countUnread(actor, view, opened),
		app.notices.countUnread(actor, view),
		// Whoever is inside sees the page without what tells the client of it.
		actor.kind === 'client' ? app.portal.readVisitsNow(actor, view) : null
	]);
	return {
		unread: { messages, notices },
		visits,
		who: { name: portal.contact.name, email: portal.contact.email },
		agency: portal.agency.name,
		logo: portal.agency.logo,
		look: accentStyle(portal.agency.accent),
		client: portal.client.name,
		menu: portalMenu(portal.view),
		page,
		banner: inside && {
			impersonationId: inside.actor.impersonationId,
			staff: inside.staff.name,
			contact: inside.contact.name,
			client: { id: inside.client.id, name: inside.client.name },
			agencyOrigin: app.config.agencyOrigin,
			mode: inside.mode,
			mayAct: inside.mayAct,
			now: inside.now,
			expiresAt: inside.expiresAt,
			frozen: inside.frozen,
			viewOnlyBy: inside.viewOnlyBy,
			zoneIsOpen: inside.zones.asked === null ? null : inside.zones.locked.length === 0,
			watchers: inside.watchers
		}
	};
};
