// What the portal's layout gives to everything inside it. Provided by a route, since only routes may use Kit.
import { createContext } from 'svelte';

export type FormEvents = {
	started(): void;
	/** Of a form with a file: how much of it is sent, 0 to 1. */
	sent(part: number): void;
	ended(done: boolean): void;
};

export type PortalContext = {
	/** The ticket of this document while impersonating; every form carries it. */
	readonly ticket: string | null;
	/** Stands before each title: "◉ Bea · " while impersonating, else nothing. */
	readonly titlePrefix: string;
	/** The agency's name. */
	readonly agency: string;
	/** Whether "Switch to Act" is worth offering: impersonating in view mode, with the right to act. */
	readonly mayOfferAct: boolean;
	/** Path and search of this page, where a native form returns to. */
	readonly here: string;
	/** Kit's enhancement of a form, as an action. */
	enhance(form: HTMLFormElement, events: FormEvents): { destroy(): void };
	/** Changes the mode without leaving the page. @returns null when done, else the sentence that says why not */
	switchMode(mode: 'act' | 'view'): Promise<string | null>;
	/** The impersonation this document belongs to, or null. */
	readonly impersonationId: string | null;
};

export const [usePortal, providePortal] = createContext<PortalContext>();
