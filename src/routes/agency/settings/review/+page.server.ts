import { reviewRulesInput } from '#server/usecases/review/save-review-rules.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'policy.manage');
	const rules = await loading(() => event.locals.app.review.readRules(actor));
	const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
	return { rules, zones, mayReadLog: permissions.has('actions.read') };
};

export const actions: Actions = {
	save: formAction(reviewRulesInput, async (event, rules) => {
		const { actor } = requireStaff(event);
		const changes = await event.locals.app.review.saveRules(actor, rules, event.locals.origin);
		const said = changes.map(({ setting, before, after }) => `${setting}: ${before} → ${after}`);
		return { saved: said.length > 0 ? `Saved. ${said.join('. ')}.` : 'Nothing was different.' };
	})
};
