import { redirect, type RequestEvent } from '@sveltejs/kit';
import { isAppError } from '#domain/errors.ts';
import { unmaskInput } from '#server/usecases/recordings/unmask-recording.ts';
import { commentInput } from '#server/usecases/review/add-comment.ts';
import { assignInput } from '#server/usecases/review/assign-review.ts';
import { bookmarkInput } from '#server/usecases/review/bookmark-moment.ts';
import { decideInput } from '#server/usecases/review/decide-review.ts';
import { removeCommentInput } from '#server/usecases/review/remove-comment.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

/**
 * The index of a recording. Opening this page is the replay that is logged; it must not depend on the address's time,
 * or each seek would be one more.
 */
export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'review');
	const { app, origin } = event.locals;
	const what = { impersonationId: event.params.id };
	return loading(async () => {
		await app.recordings.openReplay(actor, { ...what, origin }).catch((fault: unknown) => {
			// What runs is shown to whoever watches it.
			const isRunning = isAppError(fault) && fault.code === 'conflict';
			if (isRunning && permissions.has('observe')) redirect(303, `/live/${event.params.id}`);
			throw fault;
		});
		const [recording, review, notes] = await Promise.all([
			app.recordings.read(actor, what),
			app.review.read(actor, what),
			app.review.readNotes(actor, what)
		]);
		return {
			recording,
			review,
			notes,
			replayOrigin: app.config.replayOrigin,
			assets: app.recordings.grantAssets(actor, { ...what, right: 'review' }),
			mayWatch: permissions.has('observe'),
			mayUnmask: permissions.has('unmask'),
			mayTakeOut: permissions.has('evidence'),
			mayErase: permissions.has('erase')
		};
	});
};

/** What each of these actions starts with. Their rights are the use cases' to ask. */
function reviewing(event: RequestEvent) {
	const { actor } = requireStaff(event);
	const { app, origin } = event.locals;
	return { actor, origin, review: app.review, what: { impersonationId: event.params['id'] ?? '' } };
}

export const actions: Actions = {
	unmask: formAction(unmaskInput, async (event, { reason }) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		await app.recordings.unmask(actor, { impersonationId: event.params['id'] ?? '', reason, origin });
		return { unmasked: true };
	}),
	comment: formAction(commentInput, async (event, input) => {
		const { actor, what, review, origin } = reviewing(event);
		const told = await review.addComment(actor, { ...input, ...what }, origin);
		return { told, notes: await review.readNotes(actor, what) };
	}),
	removeComment: formAction(removeCommentInput, async (event, { id }) => {
		const { actor, what, review, origin } = reviewing(event);
		await review.removeComment(actor, { id, ...what }, origin);
		return { notes: await review.readNotes(actor, what) };
	}),
	bookmark: formAction(bookmarkInput, async (event, input) => {
		const { actor, what, review, origin } = reviewing(event);
		await review.bookmark(actor, { ...input, ...what }, origin);
		return { notes: await review.readNotes(actor, what) };
	}),
	assign: formAction(assignInput, async (event, { to }) => {
		const { actor, what, review, origin } = reviewing(event);
		await review.assign(actor, { to, ...what }, origin);
		return { review: await review.read(actor, what) };
	}),
	decide: formAction(
		decideInput,
		async (event, input) => {
			const { actor, what, review, origin } = reviewing(event);
			await review.decide(actor, { ...input, ...what }, origin);
			return { review: await review.read(actor, what), next: await review.next(actor, what) };
		},
		['checks']
	)
};
