import type { Icon } from './icon.ts';

/** One line of the shell's navigation. */
export type NavEntry = {
	href: string;
	label: string;
	icon: Icon;
	current?: boolean;
	/** A number or a word at the right, e.g. how many wait. */
	note?: string | number;
	/** Entries that follow each other with the same group stand under that heading. */
	group?: string;
};
