// Changing a layer of portal set-up: which elements it shows, hides or makes read-only, and how it arranges the menu.
// One layer is one JSON of an agency or a client; each change touches its own half and leaves the other as it was.
import { settingsOf, type ArrangedEntry, type MenuSetting } from './menu.ts';
import { AREAS, elementKeys, elementOf, type AreaKey, type ElementKey } from './portal-elements.ts';
import type { IconName } from './icons.ts';
import { areaIcon, areaLabel, areaOrder, type ElementSetting, type PortalSetup } from './visibility.ts';

/** What a layer says about one element; what is left out is inherited from the layer below. */
export type ElementChoice = { hidden?: boolean | undefined; readonly?: boolean | undefined };

/** Without what says nothing, so that a layer that was reset is empty and not full of nothings. */
function tidy(setup: PortalSetup): PortalSetup {
	const kept: [string, ElementSetting][] = [];
	for (const key of elementKeys()) {
		const said = Object.entries(setup[key] ?? {}).filter(([, value]) => value !== undefined);
		if (said.length > 0) kept.push([key, Object.fromEntries(said)]);
	}
	return Object.fromEntries(kept);
}

/** The layer with these choices. Only what the catalogue lets be hidden, or be read-only, ever is. */
export function withChoices(
	setup: PortalSetup,
	choices: Readonly<Partial<Record<ElementKey, ElementChoice>>>
): PortalSetup {
	const changed: PortalSetup = { ...setup };
	for (const key of elementKeys()) {
		const choice = Object.hasOwn(choices, key) ? choices[key] : undefined;
		if (!choice) continue;
		const { mayHide, editable } = elementOf(key);
		const { hidden: _hidden, readonly: _readonly, ...rest } = setup[key] ?? {};
		changed[key] = {
			...rest,
			...(mayHide && choice.hidden !== undefined && { hidden: choice.hidden }),
			...(editable && choice.readonly !== undefined && { readonly: choice.readonly })
		};
	}
	return tidy(changed);
}

type Defaults = Record<AreaKey, { label: string; icon: IconName; mayHide: boolean }>;

/** The menu as the layers below leave it: what a layer is compared with, in its order. */
export function menuBelow(agency: PortalSetup | null): Defaults {
	const below = { agency: agency ?? {}, client: {} };
	const keys = (Object.keys(AREAS) as AreaKey[]).toSorted(
		(a, b) => areaOrder(a, below) - areaOrder(b, below)
	);
	return Object.fromEntries(
		keys.map((key) => [
			key,
			{ label: areaLabel(key, below), icon: areaIcon(key, below), mayHide: AREAS[key].mayHide }
		])
	) as Defaults;
}

/**
 * The layer with this menu: names, icons and order; `hiding` too where the menu's editor has a say in it.
 * @param below the agency's layer when the layer is a client's, null when it is the agency's own
 */
export function withMenu(
	setup: PortalSetup,
	arranged: readonly ArrangedEntry[],
	below: PortalSetup | null,
	hiding: boolean
): PortalSetup {
	const settings = settingsOf(arranged, menuBelow(below));
	const changed: PortalSetup = { ...setup };
	for (const key of Object.keys(AREAS) as AreaKey[]) {
		const { label: _label, icon: _icon, order: _order, hidden, ...rest } = setup[key] ?? {};
		const { hidden: hides, ...menu }: MenuSetting = settings[key] ?? {};
		const isHidden = hiding ? hides : hidden;
		changed[key] = { ...rest, ...menu, ...(isHidden !== undefined && { hidden: isHidden }) };
	}
	return tidy(changed);
}

const SETTINGS = ['label', 'icon', 'order', 'hidden', 'readonly'] as const;
export type SetupChange = {
	element: string;
	setting: (typeof SETTINGS)[number];
	before: unknown;
	after: unknown;
};

/** What differs between two layers, as an action's details keep it. */
export function changesBetween(
	before: PortalSetup,
	after: PortalSetup,
	keys: readonly string[] = elementKeys()
): SetupChange[] {
	const changes: SetupChange[] = [];
	for (const element of keys)
		for (const setting of SETTINGS) {
			const [was, is] = [before[element]?.[setting] ?? null, after[element]?.[setting] ?? null];
			if (was !== is) changes.push({ element, setting, before: was, after: is });
		}
	return changes;
}

/** The layer as it was before these changes. What somebody set otherwise since stands: undoing never undoes others. */
export function takenBack(setup: PortalSetup, changes: readonly SetupChange[]): PortalSetup {
	const restored: Record<string, Record<string, unknown>> = { ...setup } as never;
	for (const { element, setting, before, after } of changes) {
		const { [setting]: held = null, ...rest } = restored[element] ?? {};
		if (held === after) restored[element] = before === null ? rest : { ...rest, [setting]: before };
	}
	return Object.fromEntries(Object.entries(restored).filter(([, said]) => Object.keys(said).length > 0));
}
