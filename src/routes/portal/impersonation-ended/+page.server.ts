import { redirect } from '@sveltejs/kit';
import { END_REASONS } from '#domain/impersonation.ts';
import { actionTitle } from '#domain/actions.ts';
import type { PageServerLoad } from './$types';

/** The end page's facts. It is shown in the place of whatever was asked for once an impersonation is over. */
export const load: PageServerLoad = async ({ locals }) => {
	const { app, inside, impersonating } = locals;
	if (!impersonating || (inside && !inside.over)) redirect(303, '/');
	if (!inside) return { known: false as const };
	const ending = await app.impersonation.readEnding(inside.actor.agencyId, inside.actor.impersonationId);
	return {
		known: true as const,
		reasonSentence: END_REASONS[inside.over ?? 'limit'],
		endedBy: inside.endedByName,
		staff: inside.staff.name,
		contact: inside.contact.name,
		client: inside.client.name,
		durationMs: ending?.durationMs ?? 0,
		views: ending?.views ?? 0,
		actions: (ending?.actions ?? []).map((a) => ({ title: actionTitle(a.action, a.outcome), count: a.count }))
	};
};
