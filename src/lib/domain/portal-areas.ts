// What a contact sees of the portal. One function decides and names the layer that decided; menu, routes, downloads
// and counts all ask it.

/** Rights of a contact (the fifth role). The owner of a client holds all of them. */
export const CONTACT_RIGHTS = ['tasks', 'files', 'billing'] as const;
export type ContactRight = (typeof CONTACT_RIGHTS)[number];

type Area = { label: string; href: string; right: ContactRight | null; mayHide: boolean };

/** The portal's areas in their default order. Areas of later parts are absent, never disabled. */
export const AREAS = {
	home: { label: 'Home', href: '/', right: null, mayHide: false },
	tasks: { label: 'Tasks', href: '/tasks', right: 'tasks', mayHide: true },
	files: { label: 'Files', href: '/files', right: 'files', mayHide: true },
	invoices: { label: 'Invoices', href: '/invoices', right: 'billing', mayHide: true },
	'access-history': { label: 'Access history', href: '/access-history', right: null, mayHide: false }
} as const satisfies Record<string, Area>;

export type AreaKey = keyof typeof AREAS;

/** One layer of portal set-up, as stored for an agency or a client. Keys of areas that do not exist are ignored. */
export type PortalSetup = Partial<Record<string, { label?: string; hidden?: boolean; order?: number }>>;

export type PortalView = {
	agency: PortalSetup;
	client: PortalSetup;
	contact: { isOwner: boolean; rights: readonly string[] };
};

export type AreaDecision =
	| { visible: true; because: 'default' | 'client' | 'agency' }
	| { visible: false; because: 'client' | 'agency' | 'contact' };

/** Whether this contact sees an area, and because of which layer. The client's layer overrides the agency's. */
export function decideArea(key: AreaKey, view: PortalView): AreaDecision {
	const area: Area = AREAS[key];
	if (area.right && !view.contact.isOwner && !view.contact.rights.includes(area.right))
		return { visible: false, because: 'contact' };
	if (!area.mayHide) return { visible: true, because: 'default' };
	for (const layer of ['client', 'agency'] as const) {
		const hidden = view[layer][key]?.hidden;
		if (hidden !== undefined) return { visible: !hidden, because: layer };
	}
	return { visible: true, because: 'default' };
}

export type MenuEntry = { key: AreaKey; label: string; href: string };

/** The sidebar of this contact: visible areas, renamed and ordered by the layers. */
export function portalMenu(view: PortalView): MenuEntry[] {
	const keys = Object.keys(AREAS) as AreaKey[];
	const order = (key: AreaKey) => view.client[key]?.order ?? view.agency[key]?.order ?? keys.indexOf(key);
	return keys
		.filter((key) => decideArea(key, view).visible)
		.toSorted((a, b) => order(a) - order(b))
		.map((key) => ({ key, label: areaLabel(key, view), href: AREAS[key].href }));
}

/** The name this client's portal gives an area. */
export const areaLabel = (key: AreaKey, view: Pick<PortalView, 'agency' | 'client'>): string =>
	view.client[key]?.label ?? view.agency[key]?.label ?? AREAS[key].label;
