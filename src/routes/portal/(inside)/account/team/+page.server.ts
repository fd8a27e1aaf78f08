import {
	chosenRights,
	inviteTeamInput,
	teamContactInput,
	teamRightsInput
} from '#server/usecases/account/team-contacts.ts';
import { PAGE_SIZE } from '#server/usecases/portal/scope.ts';
import { loading, requirePortal } from '#web/guard.ts';
import { pageOf } from '../../../list-query.ts';
import { ownAction } from '../own-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor } = requirePortal(event, 'account.team');
		const page = pageOf(event.url);
		return { page, pageSize: PAGE_SIZE, team: await event.locals.app.account.listTeam(actor, page) };
	});

export const actions: Actions = {
	invite: ownAction('contact.invited', inviteTeamInput, async (event: RequestEvent, actor, input) => {
		const { name, email, jobTitle } = input;
		const person = { name, email, jobTitle, rights: chosenRights(input) };
		await event.locals.app.account.inviteToTeam(actor, person, event.locals.origin);
		return { invited: email };
	}),
	reinvite: ownAction('contact.invited', teamContactInput, async (event: RequestEvent, actor, input) => {
		await event.locals.app.account.reinviteToTeam(actor, input.contactId, event.locals.origin);
		return { invited: 'them again' };
	}),
	rights: ownAction('contact.rights_changed', teamRightsInput, async (event: RequestEvent, actor, input) => {
		const change = { contactId: input.contactId, rights: chosenRights(input) };
		await event.locals.app.account.changeTeamRights(actor, change, event.locals.origin);
	}),
	remove: ownAction('contact.removed', teamContactInput, async (event: RequestEvent, actor, input) => {
		await event.locals.app.account.removeFromTeam(actor, input.contactId, event.locals.origin);
	}),
	restore: ownAction('contact.restored', teamContactInput, async (event: RequestEvent, actor, input) => {
		await event.locals.app.account.restoreToTeam(actor, input.contactId, event.locals.origin);
	})
};
