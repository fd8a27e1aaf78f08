import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { freezeInput } from '#server/usecases/impersonation/freeze-impersonation.ts';
import { isAppError } from '#domain/errors.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** One running or just ended impersonation; what follows comes from the hub. */
export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'observe');
	const { app } = event.locals;
	const what = { impersonationId: event.params.id };
	return loading(async () => {
		const head = await app.recordings.readSupervised(actor, what).catch((fault: unknown) => {
			// An old link, say of a notice: what it shows by now is the recording.
			const isOver = isAppError(fault) && fault.code === 'impersonation_over';
			if (isOver && permissions.has('review')) redirect(303, `/recordings/${event.params.id}`);
			throw fault;
		});
		const [session] = await app.live.readLiveSessions(actor, what);
		return {
			head,
			session: session ?? null,
			replayOrigin: app.config.replayOrigin,
			assets: app.recordings.grantAssets(actor, { ...what, right: 'observe' }),
			mayReview: permissions.has('review'),
			maySteer: permissions.has('supervise'),
			ownId: actor.staffId,
			isOwn: head.staff.id === actor.staffId
		};
	});
};

/** Who steers what, from where. An id that is none of this agency's is refused by the use case itself. */
const order = async (event: RequestEvent) => {
	const { actor } = requireStaff(event, 'supervise');
	const { id } = await event.locals.app.recordings.readSupervised(actor, {
		impersonationId: event.params.id
	});
	return { actor, impersonationId: id as ImpersonationId, origin: event.locals.origin };
};

export const actions: Actions = {
	/** Before the first moment of before is shown. */
	lookBack: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor } = requireStaff(event, 'observe');
		const { app, origin } = event.locals;
		const impersonationId = event.params.id ?? '';
		await app.recordings.lookBack(actor, { impersonationId, origin });
		return { film: await app.recordings.readFilm(actor, { impersonationId }) };
	}),
	freeze: formAction(freezeInput, async (event: RequestEvent, { note }) => {
		const { actor, ...what } = await order(event);
		await event.locals.app.impersonation.freeze(actor, { ...what, note });
		return { done: 'freeze' as const };
	}),
	release: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor, ...what } = await order(event);
		await event.locals.app.impersonation.release(actor, what);
		return { done: 'release' as const };
	}),
	view: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor, ...what } = await order(event);
		await event.locals.app.impersonation.forceView(actor, what);
		return { done: 'view' as const };
	}),
	allow: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor, ...what } = await order(event);
		await event.locals.app.impersonation.allowAct(actor, what);
		return { done: 'allow' as const };
	}),
	end: formAction(z.object({}), async (event: RequestEvent) => {
		const { actor, impersonationId } = await order(event);
		await event.locals.app.impersonation.end(actor, { impersonationId, reason: 'supervisor' });
		return { done: 'end' as const };
	})
};
