import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'review');
	return loading(async () => ({ coverage: await event.locals.app.review.readCoverage(actor) }));
};
