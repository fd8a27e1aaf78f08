import { unmaskInput } from '#server/usecases/recordings/unmask-recording.ts';
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
		await app.recordings.openReplay(actor, { ...what, origin });
		const recording = await app.recordings.read(actor, what);
		return {
			recording,
			replayOrigin: app.config.replayOrigin,
			assets: app.recordings.grantAssets(actor, { ...what, right: 'review' }),
			mayWatch: permissions.has('observe'),
			mayUnmask: permissions.has('unmask'),
			mayErase: permissions.has('erase')
		};
	});
};

export const actions: Actions = {
	unmask: formAction(unmaskInput, async (event, { reason }) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		await app.recordings.unmask(actor, { impersonationId: event.params['id'] ?? '', reason, origin });
		return { unmasked: true };
	})
};
