// "Why can't they see it?": what a contact does not see or may not use of a page, each with what decided it. Only `decide`
// is asked, so what explains a hidden thing is what hid it.
import {
	AREAS,
	elementOf,
	partsOf,
	type AreaKey,
	type ContactRight,
	type Element,
	type ElementKey
} from './portal-elements.ts';
import { areaLabel, decide, type Decision, type Layer, type PortalView } from './visibility.ts';

export type HiddenElement = {
	key: ElementKey;
	label: string;
	kind: Element['kind'];
	state: 'hidden' | 'readonly';
	because: Layer;
	/** The element whose setting decided: a part of a hidden area is hidden because of the area. */
	by: ElementKey;
	missing: ContactRight | null;
};

const labelOf = (key: ElementKey, view: PortalView): string =>
	key in AREAS ? areaLabel(key as AreaKey, view) : elementOf(key).label;

function toHidden(
	key: ElementKey,
	state: HiddenElement['state'],
	decision: Extract<Decision, { allowed: false }>,
	view: PortalView
): HiddenElement {
	const { because, by, missing } = decision;
	return {
		key,
		state,
		because,
		by,
		missing: missing ?? null,
		label: labelOf(key, view),
		kind: elementOf(key).kind
	};
}

/** As for the contact: to them a two-person zone is never closed, and no setting of the portal would open it. */
function hiddenOf(key: ElementKey, { locked: _locked, ...view }: PortalView): HiddenElement | null {
	const see = decide(key, view, 'see');
	if (!see.allowed) return toHidden(key, 'hidden', see, view);
	const use = decide(key, view, 'use');
	return use.allowed ? null : toHidden(key, 'readonly', use, view);
}

const isThere = (one: HiddenElement | null): one is HiddenElement => one !== null;

/** Of one area: the area alone when it is hidden, since that hides all of it, else each part that is not there. */
export function hiddenWithin(area: AreaKey, view: PortalView): HiddenElement[] {
	const whole = hiddenOf(area, view);
	return whole
		? [whole]
		: partsOf(area)
				.map((key) => hiddenOf(key, view))
				.filter(isThere);
}

/** Menu entries that this contact does not have, but for the one that is looked at. */
export const hiddenAreas = (view: PortalView, but: AreaKey | null): HiddenElement[] =>
	(Object.keys(AREAS) as AreaKey[])
		.filter((area) => area !== but)
		.map((area) => hiddenOf(area, view))
		.filter(isThere);

export type LensNames = { client: string; contact: string };

const RIGHTS: Record<ContactRight, string> = {
	tasks: 'tasks',
	files: 'files',
	orders: 'orders',
	billing: 'billing'
};

/** "Hidden for every client, by agency default." */
export function lensWords(hidden: HiddenElement, names: LensNames): string {
	if (hidden.missing) return `${names.contact}’s rights do not include ${RIGHTS[hidden.missing]}.`;
	const state = hidden.state === 'readonly' ? 'Can be seen but not changed' : 'Hidden';
	const whose =
		hidden.because === 'client'
			? `for ${names.client}, by its own set-up`
			: 'for every client, by agency default';
	return `${state} ${whose}.`;
}

/** Which area an address of the portal lies in; null where it is none. */
export function areaAt(path: string): AreaKey | null {
	const first = path.split(/[?#]/)[0]?.split('/')[1] ?? '';
	if (first === '') return 'home';
	return Object.hasOwn(AREAS, first) && first !== 'home' ? (first as AreaKey) : null;
}
