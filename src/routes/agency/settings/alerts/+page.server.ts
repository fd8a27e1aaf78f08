import { alertRulesInput } from '#server/usecases/alerts/save-alert-rules.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'policy.manage');
	const rules = await loading(() => event.locals.app.alerts.readRules(actor));
	return { rules, mayReadLog: permissions.has('actions.read') };
};

export const actions: Actions = {
	save: formAction(alertRulesInput, async (event, rules) => {
		const { actor } = requireStaff(event);
		const changes = await event.locals.app.alerts.saveRules(actor, rules, event.locals.origin);
		const said = changes.map(({ setting, before, after }) => `${setting}: ${before} → ${after}`);
		return { saved: said.length > 0 ? `Saved. ${said.join('. ')}.` : 'Nothing was different.' };
	})
};
