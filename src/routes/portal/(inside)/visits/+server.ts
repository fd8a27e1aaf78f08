import { AppError } from '#domain/errors.ts';
import { answerWith } from '#web/guard.ts';
import type { RequestHandler } from './$types';

/** Who is inside now, asked by an open page of the contact every few seconds. Whoever is inside themselves is told of nobody. */
export const GET: RequestHandler = async ({ locals }) => {
	const { app, portal } = locals;
	if (!portal) return answerWith(new AppError('not_signed_in', 'Sign in again.'));
	if (portal.actor.kind !== 'client') return answerWith(new AppError('not_found', 'There is no such page.'));
	return Response.json(await app.portal.readVisitsNow(portal.actor, portal.view));
};
