import type { Snippet } from 'svelte';

/** One tab of a panel; `key` names it, `mark` is drawn behind its label. */
export type PanelTab<Key extends string = string> = {
	key: Key;
	label: string;
	/** Its key on the keyboard, as `aria-keyshortcuts` writes it. */
	shortcut?: string;
	mark?: Snippet;
};

/** The ids by which a tab and its panel name each other. */
export const tabId = (panels: string, key: string): string => `${panels}-${key}-tab`;
export const panelId = (panels: string, key: string): string => `${panels}-${key}-panel`;
