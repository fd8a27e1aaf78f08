import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import type { Telling } from '#domain/policy.ts';

/** What the form needs to know about whom may be impersonated, and how. */
export type StartSubject = {
	clientId: string;
	/** Contacts who may be impersonated now, the owner first. */
	contacts: readonly { id: string; name: string; isOwner: boolean }[];
	mayAct: boolean;
	preselect: Mode;
	/** How the client hears of it, by the agency's policy. */
	tells: Telling;
	/** What the agency's policy wants filled in. */
	asks: { reason: boolean; ticket: boolean };
	/** Path and query on the agency host where Switch Back leads. */
	returnTo: string;
	/** Where the form posts to. */
	action: string;
	restart: {
		impersonationId: string;
		contactId: string;
		mode: Mode;
		reason: Reason;
		details: string;
		ticket: string;
		enterAt: string;
	} | null;
};

/** What the server answered the last time, when it refused or found a fault. */
export type StartFault = {
	issues?: Record<string, string>;
	values?: Record<string, string>;
	refusal?: string;
	sentence?: string;
} | null;
