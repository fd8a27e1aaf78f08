// What a contact sees and may use of the portal. One function decides and names the layer that decided: menu, pages,
// routes, downloads, search, counts, notices and mails all ask it, and none decides by itself.
import { isIcon, type IconName } from './icons.ts';
import {
	AREAS,
	elementOf,
	isArea,
	type AreaKey,
	type ContactRight,
	type ElementKey
} from './portal-elements.ts';

/** What one layer says about one element; what it leaves out is up to the layer below. */
export type ElementSetting = {
	label?: string;
	icon?: string;
	order?: number;
	hidden?: boolean;
	/** Fields only: seen but not changed. */
	readonly?: boolean;
};

/** One layer of portal set-up, as stored for an agency or a client. Keys of elements that do not exist are ignored. */
export type PortalSetup = Partial<Record<string, ElementSetting>>;

export type PortalView = {
	agency: PortalSetup;
	client: PortalSetup;
	contact: { isOwner: boolean; rights: readonly string[] };
	/** While impersonating: two-person zones (zones.ts) that are closed for want of a second person. */
	locked?: readonly string[];
};

/** `see`: shown at all. `use`: an action may be done, a field may be changed. */
export type Asked = 'see' | 'use';

/** `system` is the default we ship, `agency` the agency's, `client` this client's override, `contact` the person's rights. */
export type Layer = 'system' | 'agency' | 'client' | 'contact';

export type Decision =
	| { allowed: true; because: Layer; by: ElementKey }
	| {
			allowed: false;
			because: Layer;
			by: ElementKey;
			missing?: ContactRight;
			/** The zone that opens once a second person is there; the client would see it. */
			needsSecond?: AreaKey;
	  };

const holds = (view: PortalView, right: ContactRight): boolean =>
	view.contact.isOwner || view.contact.rights.includes(right);

/** The layer that has an opinion about `hidden` or `readonly`; the client's stands over the agency's. */
export function settingOf(
	key: ElementKey,
	name: 'hidden' | 'readonly',
	view: Pick<PortalView, 'agency' | 'client'>
): { value: boolean; layer: Exclude<Layer, 'contact'> } {
	for (const layer of ['client', 'agency'] as const) {
		const value = view[layer][key]?.[name];
		if (value !== undefined) return { value, layer };
	}
	return { value: false, layer: 'system' };
}

function decideOwn(key: ElementKey, view: PortalView, asked: Asked): Decision {
	const { rights, mayHide, editable } = elementOf(key);
	const missing = rights.find((right) => !holds(view, right));
	if (missing) return { allowed: false, because: 'contact', by: key, missing };
	if (!mayHide) return { allowed: true, because: 'system', by: key };
	const hidden = settingOf(key, 'hidden', view);
	if (hidden.value) return { allowed: false, because: hidden.layer, by: key };
	if (asked === 'use' && editable) {
		const readonly = settingOf(key, 'readonly', view);
		if (readonly.value) return { allowed: false, because: readonly.layer, by: key };
	}
	return { allowed: true, because: hidden.layer, by: key };
}

/**
 * Whether this contact sees (or may use) an element, and because of which layer of which element: a part of a hidden
 * area is hidden because of the area.
 */
export function decide(key: ElementKey, view: PortalView, asked: Asked = 'use'): Decision {
	if (!isArea(key)) {
		const area = decideOwn(elementOf(key).area, view, 'see');
		if (!area.allowed) return area;
	}
	const own = decideOwn(key, view, asked);
	const { area } = elementOf(key);
	if (!own.allowed || !view.locked?.includes(area)) return own;
	return { allowed: false, because: 'agency', by: area, needsSecond: area };
}

/** `decide` as a yes or no. */
export const may = (key: ElementKey, view: PortalView, asked: Asked = 'use'): boolean =>
	decide(key, view, asked).allowed;

/** Which of these the contact may use; what pages show and hide their controls by. */
export const mayOf = <K extends ElementKey>(keys: readonly K[], view: PortalView): Record<K, boolean> =>
	Object.fromEntries(keys.map((key) => [key, may(key, view)])) as Record<K, boolean>;

/** A row that is kept from the client as a record of its own (an internal task, a service for others). */
export type RecordFlag = { visibleToClient: boolean };

/** As `decide`, for one record of an area: hidden rows answer as if they did not exist. */
export const maySeeRecord = (area: AreaKey, record: RecordFlag, view: PortalView): boolean =>
	record.visibleToClient && may(area, view, 'see');

export type MenuEntry = { key: AreaKey; label: string; href: string; icon: IconName };

type Layers = Pick<PortalView, 'agency' | 'client'>;
const AREA_KEYS = Object.keys(AREAS) as AreaKey[];

/** The name this client's portal gives an area. */
export const areaLabel = (key: AreaKey, view: Layers): string =>
	view.client[key]?.label ?? view.agency[key]?.label ?? AREAS[key].label;

export const areaIcon = (key: AreaKey, view: Layers): IconName =>
	[view.client[key]?.icon, view.agency[key]?.icon].find(isIcon) ?? AREAS[key].icon;

export const areaOrder = (key: AreaKey, view: Layers): number =>
	view.client[key]?.order ?? view.agency[key]?.order ?? AREA_KEYS.indexOf(key);

/**
 * The sidebar of this contact: visible areas, renamed and ordered by the layers. A closed two-person zone stays in it: by going there
 * somebody is called.
 */
export const portalMenu = ({ locked: _locked, ...view }: PortalView): MenuEntry[] =>
	AREA_KEYS.filter((key) => may(key, view, 'see'))
		.toSorted((a, b) => areaOrder(a, view) - areaOrder(b, view))
		.map((key) => ({
			key,
			label: areaLabel(key, view),
			href: AREAS[key].href,
			icon: areaIcon(key, view)
		}));
