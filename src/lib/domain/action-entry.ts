// What every entry of the catalogue of actions says, and the three ways to make one.
import type { ElementKey } from './portal-elements.ts';
import type { Permission } from './permissions.ts';

/** `control` steers an impersonation itself and is done by staff or the system, never from inside through the gate's cuts. */
export type ActionKind = 'change' | 'disclosure' | 'control';
export type Sensitivity = 'normal' | 'sensitive' | 'forbidden';

export type ActionEntry = {
	/** Past tense, begins a row: "Created task". */
	title: string;
	kind: ActionKind;
	sensitivity: Sensitivity;
	/** Portal area, or action within one, whose visibility and right a contact needs; null: nobody does it in the portal. */
	element: ElementKey | null;
	/** Staff permission it needs when staff do it on the agency host; null: they cannot, or it is a way out. */
	permission: Permission | null;
	/** While impersonating, the policy may demand that it waits for the client's approval. */
	mayDraft: boolean;
	/** The program itself does it too, by the clock. */
	bySystem: boolean;
};

type More = Partial<Omit<ActionEntry, 'title' | 'element'>>;

export const BASE = {
	kind: 'change',
	sensitivity: 'normal',
	permission: null,
	mayDraft: false,
	bySystem: false
} as const;

/** Done in the portal; with a `permission`, by staff on the agency host too. */
export const portal = (title: string, element: ElementKey, more: More = {}): ActionEntry => ({
	...BASE,
	title,
	element,
	...more
});
/** Done by staff on the agency host only. */
export const agency = (title: string, permission: Permission, more: More = {}): ActionEntry => ({
	...BASE,
	title,
	element: null,
	permission,
	...more
});
export const control = (title: string, permission: Permission | null): ActionEntry => ({
	...BASE,
	kind: 'control',
	title,
	element: null,
	permission
});

export const SENSITIVE = { sensitivity: 'sensitive' } as const;
export const DRAFT = { sensitivity: 'sensitive', mayDraft: true } as const;
/** Only ever the client, in both modes (product.md §Rules). */
export const FORBIDDEN = { sensitivity: 'forbidden' } as const;
