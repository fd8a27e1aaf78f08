// Two-person zones: sections of the portal and actions in it that work, while impersonating, only as long as a second person
// watches. What an agency marked, and who counts as that person. The client's own use is never asked about.
import { ACTIONS, isActionName, type ActionName } from './actions.ts';
import { effectivePermissions } from './permissions.ts';
import { AREAS, elementOf, isArea, type AreaKey } from './portal-elements.ts';

/**
 * How long a moderator's last look counts. Their page looks every few seconds while it can be seen: a closed or hidden tab, a lost
 * network or a hub that died locks again after this at the latest.
 */
export const LOOK_COUNTS_MS = 12_000;

const AREA_KEYS = Object.keys(AREAS) as AreaKey[];

/** Sections that may be marked: those without which somebody inside still has somewhere to be. */
export const ZONE_AREAS: readonly AreaKey[] = AREA_KEYS.filter((key) => AREAS[key].mayHide);

/** Actions that may be marked: what somebody inside can do at all. */
export const ZONE_ACTIONS: readonly ActionName[] = (Object.keys(ACTIONS) as ActionName[]).filter(
	(name) => ACTIONS[name].element !== null && ACTIONS[name].sensitivity !== 'forbidden'
);

/** Areas and actions share one list: no area has a dot in its key, every action has. Stored [H4]. */
export const isZone = (key: string): key is AreaKey | ActionName =>
	(ZONE_AREAS as readonly string[]).includes(key) || (ZONE_ACTIONS as readonly string[]).includes(key);

/** "Invoices", "Placed order". */
export function zoneLabel(key: string): string {
	if (isArea(key)) return AREAS[key].label;
	return isActionName(key) ? ACTIONS[key].title : key;
}

/** The section an address lies in, as far as it can be marked: "/invoices/17" is of Invoices. */
export const zoneAreaOf = (path: string): AreaKey | null =>
	ZONE_AREAS.find((key) => `${path}/`.startsWith(`${AREAS[key].href}/`)) ?? null;

/** The area an action of the portal belongs to, for grouping. */
export const areaOfAction = (name: ActionName): AreaKey | null => {
	const { element } = ACTIONS[name];
	return element === null ? null : elementOf(element).area;
};

/** Somebody whose watch is open and who looked a moment ago, as the rows have them. */
export type Witness = {
	staffId: string;
	active: boolean;
	role: readonly string[];
	granted: readonly string[];
	withdrawn: readonly string[];
	/** By the database's clock; null: never. */
	lookedMsAgo: number | null;
};

/**
 * Whether a second person is there. Attack: the one inside as their own watcher; a watcher who may only look on; one who left
 * the tab open and went.
 */
export const isAccompanied = (insideId: string, witnesses: readonly Witness[]): boolean =>
	witnesses.some(
		({ staffId, active, role, granted, withdrawn, lookedMsAgo }) =>
			staffId !== insideId &&
			active &&
			lookedMsAgo !== null &&
			lookedMsAgo <= LOOK_COUNTS_MS &&
			effectivePermissions(role, granted, withdrawn).has('supervise')
	);

/** What the call for help says when a zone makes it. */
export const zoneCall = (key: string): string => `A second person is needed for “${zoneLabel(key)}”.`;

export const zoneSentence = (key: string): string =>
	isArea(key)
		? `“${zoneLabel(key)}” is a two-person zone: it opens only while a supervisor watches this session without steering it. They have been called, and it opens by itself as soon as one is here.`
		: `This needs a second person: “${zoneLabel(key)}” works only while a supervisor watches this session without steering it. They have been called; nothing was changed. Try again once one is here.`;
