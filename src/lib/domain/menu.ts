// A menu that people arrange: what is stored about it, and how it is laid over a catalogue. The agency's own menu (by
// role) and the portal's (by agency and client) are made by the same rules.
import type { IconName } from './icons.ts';

/** What one layer says about one entry; what it leaves out is up to the layer below. */
export type MenuSetting = { label?: string; icon?: string; order?: number; hidden?: boolean };

/** Stored for a role. Keys of entries that do not exist are ignored. */
export type Sidebar = Partial<Record<string, MenuSetting>>;

/** How long a name of an entry may be: more would not be read in a sidebar of 240 px. */
export const MAX_LABEL = 40;

/** What the editor of a menu sends: every entry in its new order. */
export type ArrangedEntry = { key: string; label: string; icon: string; hidden: boolean };

type Default = { label: string; icon: IconName; mayHide: boolean };

/**
 * What differs from the default, as it is stored: a menu that looks like the default leaves nothing behind, so that
 * later defaults reach it. Order is kept for all entries as soon as one was moved.
 */
export function settingsOf(
	arranged: readonly ArrangedEntry[],
	defaults: Readonly<Record<string, Default>>
): Sidebar {
	const keys = Object.keys(defaults);
	const given = arranged.filter(
		(entry, at) => Object.hasOwn(defaults, entry.key) && arranged.findIndex((e) => e.key === entry.key) === at
	);
	// An entry that was not sent (added since the page was opened) keeps its place at the end.
	const order = [
		...given.map((entry) => entry.key),
		...keys.filter((key) => !given.some((e) => e.key === key))
	];
	const isMoved = order.some((key, at) => keys[at] !== key);
	const settings: Record<string, MenuSetting> = {};
	for (const [at, key] of order.entries()) {
		const entry = given.find((one) => one.key === key);
		const usual = defaults[key];
		if (!usual) continue;
		const setting: MenuSetting = {
			...(entry && entry.label !== usual.label && entry.label !== '' && { label: entry.label }),
			...(entry && entry.icon !== usual.icon && entry.icon !== '' && { icon: entry.icon }),
			...(entry?.hidden && usual.mayHide && { hidden: true }),
			...(isMoved && { order: at })
		};
		if (Object.keys(setting).length > 0) settings[key] = setting;
	}
	return settings;
}
