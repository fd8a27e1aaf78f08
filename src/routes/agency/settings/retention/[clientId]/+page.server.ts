import { clientHoldInput } from '#server/usecases/retention/hold-client.ts';
import { retentionInput } from '#server/usecases/retention/set-retention.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'policy.manage');
	return loading(async () => ({
		rule: await event.locals.app.retention.readClient(actor, event.params.clientId)
	}));
};

export const actions: Actions = {
	save: formAction(retentionInput, async (event, input) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		const clientId = event.params['clientId'] ?? '';
		const isNew = await app.retention.setClientDays(actor, { ...input, clientId }, origin);
		return {
			form: 'days',
			saved: isNew ? 'Saved. It holds from the next run on.' : 'Nothing was different.'
		};
	}),
	hold: formAction(clientHoldInput, async (event, input) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		const clientId = event.params['clientId'] ?? '';
		const isNew = await app.retention.holdClient(actor, { ...input, clientId }, origin);
		const said = input.what === 'hold' ? 'The client is on hold.' : 'The hold is released.';
		return { form: 'hold', saved: isNew ? said : 'Nothing was different.' };
	})
};
