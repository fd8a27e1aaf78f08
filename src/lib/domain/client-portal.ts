// One client's portal as the agency looks at it: the table of elements, the menu, and what each contact sees of it.
import { decisionWords } from './decision-words.ts';
import type { IconName } from './icons.ts';
import { menuBelow } from './portal-setup.ts';
import { AREAS, type AreaKey } from './portal-elements.ts';
import { setupTable, type SetupGroup } from './setup-table.ts';
import {
	areaIcon,
	areaLabel,
	areaOrder,
	decide,
	portalMenu,
	type MenuEntry,
	type PortalSetup,
	type PortalView
} from './visibility.ts';

type Contact = { id: string; name: string } & PortalView['contact'];

export type MenuLine = {
	key: AreaKey;
	label: string;
	icon: IconName;
	usual: { label: string; icon: IconName };
	/** Why it is not shown, where it is not. */
	note: string | undefined;
};

export type ClientPortal = {
	groups: SetupGroup[];
	menu: MenuLine[];
	contacts: { id: string; name: string; isOwner: boolean; menu: MenuEntry[] }[];
	/** Whether this client differs from the agency's defaults at all. */
	isOwn: boolean;
};

const EVERYBODY = { isOwner: true, rights: [] };

export function clientPortal(setup: {
	agency: PortalSetup;
	client: PortalSetup;
	contacts: readonly Contact[];
}): ClientPortal {
	const { agency, client, contacts } = setup;
	const layers = { agency, client };
	const usual = menuBelow(agency);
	const lineOf = (key: AreaKey): MenuLine => {
		const decision = decide(key, { ...layers, contact: EVERYBODY }, 'see');
		return {
			key,
			label: areaLabel(key, layers),
			icon: areaIcon(key, layers),
			usual: { label: usual[key].label, icon: usual[key].icon },
			note: decision.allowed ? undefined : `Not in the menu: ${decisionWords(key, decision)}.`
		};
	};
	return {
		groups: setupTable(layers, 'client'),
		menu: (Object.keys(AREAS) as AreaKey[])
			.toSorted((a, b) => areaOrder(a, layers) - areaOrder(b, layers))
			.map(lineOf),
		contacts: contacts.map(({ id, name, isOwner, rights }) => ({
			id,
			name,
			isOwner,
			menu: portalMenu({ ...layers, contact: { isOwner, rights } })
		})),
		isOwn: Object.keys(client).length > 0
	};
}
