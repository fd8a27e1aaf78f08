import { POLICY_TEXTS } from '#domain/policy-texts.ts';
import type { Policy } from '#domain/policy.ts';
import { policyInput } from '#server/usecases/settings/save-policy.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { anyForm, checked } from '#web/menu-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'policy.manage');
	const policy = await loading(() => event.locals.app.settings.readPolicy(actor));
	return { policy, mayReadLog: permissions.has('actions.read') };
};

/** A box that is not ticked is not sent; a number comes as text. */
function policyOf(values: Record<string, string>): Record<string, unknown> {
	const read = (key: keyof Policy) => {
		const { kind } = POLICY_TEXTS[key];
		const text = values[key];
		if (kind === 'switch') return text !== undefined;
		if (kind === 'number') return /^\d{1,4}$/.test(text?.trim() ?? '') ? Number(text) : undefined;
		return text;
	};
	return Object.fromEntries((Object.keys(POLICY_TEXTS) as (keyof Policy)[]).map((key) => [key, read(key)]));
}

export const actions: Actions = {
	save: formAction(anyForm, async (event, values) => {
		const { actor } = requireStaff(event);
		const policy = checked(policyInput, policyOf(values), ([key]) => String(key));
		const changes = await event.locals.app.settings.savePolicy(actor, policy, event.locals.origin);
		const said = changes.map(({ setting, before, after }) => `${setting}: ${before} → ${after}`);
		return { saved: said.length > 0 ? `Saved. ${said.join('. ')}.` : 'Nothing was different.' };
	})
};
