import { POLICY_TEXTS } from '#domain/policy-texts.ts';
import type { Policy } from '#domain/policy.ts';
import { areaOfAction, ZONE_ACTIONS, ZONE_AREAS, zoneLabel } from '#domain/zones.ts';
import { zonesInput } from '#server/usecases/settings/save-zones.ts';
import { policyInput } from '#server/usecases/settings/save-policy.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { anyForm, checked } from '#web/menu-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'policy.manage');
	const policy = await loading(() => event.locals.app.settings.readPolicy(actor));
	const zones = await loading(() => event.locals.app.settings.readZones(actor));
	return { policy, zones, zoneAreas: zoneAreas(), mayReadLog: permissions.has('actions.read') };
};

/** Everything that may be marked: each section with its actions. */
const zoneAreas = () =>
	ZONE_AREAS.map((key) => {
		const actions = ZONE_ACTIONS.filter((name) => areaOfAction(name) === key);
		return {
			key,
			label: zoneLabel(key),
			actions: actions.map((name) => ({ key: name, label: zoneLabel(name) }))
		};
	});

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
	}),
	zones: formAction(
		zonesInput,
		async (event, input) => {
			const { actor } = requireStaff(event);
			const change = await event.locals.app.settings.saveZones(actor, input, event.locals.origin);
			const said = change && `Saved. Two-person zones: ${change.before} → ${change.after}.`;
			return { saved: said ?? 'Nothing was different.' };
		},
		['zones']
	)
};
