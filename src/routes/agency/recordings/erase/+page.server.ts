import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { erasureInput } from '#server/usecases/erasures/ask-erasure.ts';
import { holdInput } from '#server/usecases/review/hold-recordings.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

/** `?run=ID`: how far it is. Else what is chosen, as ids or as filters of the list. */
export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'erase');
	const { retention } = event.locals.app;
	const run = event.url.searchParams.get('run');
	const query = event.url.search.slice(1);
	return loading(async () => {
		if (run !== null)
			return { run: await retention.readErasure(actor, run), choice: null, query, latest: [] };
		const [choice, latest] = await Promise.all([
			retention.readChoice(actor, query),
			retention.listErasures(actor)
		]);
		return { run: null, choice, query, latest };
	});
};

const chosenInput = z.object({ ids: holdInput.shape.ids });

export const actions: Actions = {
	/** The ticked ones, put into the address: what stays and why is told there, and nothing is changed here. */
	choose: formAction(
		chosenInput,
		async (event, { ids }) => {
			requireStaff(event, 'erase');
			redirect(303, `/recordings/erase?${new URLSearchParams(ids.map((id) => ['ids', id])).toString()}`);
		},
		['ids']
	),
	erase: formAction(
		erasureInput,
		async (event, input) => {
			const { actor } = requireStaff(event);
			const { app, origin } = event.locals;
			redirect(303, `/recordings/erase?run=${await app.retention.askErasure(actor, input, origin)}`);
		},
		['ids']
	),
	stop: formAction(z.object({ id: z.string() }), async (event, { id }) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		await app.retention.stopErasure(actor, id, origin);
		redirect(303, `/recordings/erase?run=${id}`);
	})
};
