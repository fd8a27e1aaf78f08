// The rules of impersonation (product.md §Rules), pure. The server asks these functions and nobody else decides.
import { z } from 'zod';
import { MASKINGS } from './masking.ts';
import type { Mode, Reason } from './modes-and-reasons.ts';
import type { Permission } from './permissions.ts';

/** Whether a client is asked before staff come in. */
export const CONSENTS = ['none', 'grant', 'never'] as const;
export type Consent = (typeof CONSENTS)[number];

/** What an agency may set. Stored as JSON; absent keys take these defaults. */
export const policySchema = z.object({
	hardLimitMinutes: z.number().min(1).max(60).default(30),
	onboardingLimitMinutes: z.number().min(1).max(60).default(60),
	idleLimitMinutes: z.number().min(1).max(60).default(10),
	allowAct: z.boolean().default(true),
	preselectAct: z.boolean().default(false),
	assignedOnly: z.boolean().default(true),
	reasonRequired: z.boolean().default(true),
	ticketRequired: z.boolean().default(false),
	/** `none`: not asked. `grant`: only while a grant of the client runs. `never`: nobody, nowhere. */
	consent: z.enum(CONSENTS).default('none'),
	clientMayOptOut: z.boolean().default(true),
	tellClient: z.boolean().default(true),
	mailOwnerDaily: z.boolean().default(true),
	mailAfterSensitive: z.boolean().default(true),
	/** Mails caused inside wait until the receipt sends or cancels each; what tells the client of the access never waits. */
	holdMails: z.boolean().default(false),
	/** Sensitive actions that can be drafted wait for the client's approval. */
	draftSensitive: z.boolean().default(false),
	/** How old a page's last beat may be for a change, in s. An agency may ask for less, never for more. */
	leaseSeconds: z.number().int().min(5).max(15).default(15),
	showWatchers: z.boolean().default(true),
	/** What is masked in recordings beside secrets, which never leave a page. */
	masking: z.enum(MASKINGS).default('personal')
});
export type Policy = z.infer<typeof policySchema>;

/** How a client hears of visits without looking: on their home page, by the owner's daily mail, or not. Each is listed anyway. */
export type Telling = 'portal' | 'mail' | 'history';

export function tellingOf({ tellClient, mailOwnerDaily }: Policy): Telling {
	if (tellClient) return 'portal';
	return mailOwnerDaily ? 'mail' : 'history';
}

/** A pending start ends by itself after this long (design.md §4). */
export const START_CODE_LIFE_MS = 30_000;

/** Length of one impersonation for this reason, in ms. */
export const hardLimitMs = (policy: Policy, reason: Reason): number =>
	60_000 * (reason === 'onboarding' ? policy.onboardingLimitMinutes : policy.hardLimitMinutes);

export type StartQuestion = {
	permissions: ReadonlySet<Permission>;
	policy: Policy;
	mode: Mode;
	isAssigned: boolean;
	client: {
		status: 'active' | 'inactive' | 'archived';
		name: string;
		optedOut: boolean;
		/** The client itself asks for a grant, whatever the policy says. */
		requiresGrant: boolean;
		/** A grant of the client runs at this moment. */
		hasGrant: boolean;
	};
	contact: { active: boolean; name: string } | null;
};

export type StartRefusal =
	| 'no_permission'
	| 'not_assigned'
	| 'client_inactive'
	| 'opted_out'
	| 'never_allowed'
	| 'no_grant'
	| 'no_contact'
	| 'act_forbidden';

export type StartDecision = { allowed: true } | { allowed: false; refusal: StartRefusal; sentence: string };

const no = (refusal: StartRefusal, sentence: string): StartDecision => ({
	allowed: false,
	refusal,
	sentence
});

function refusedConsent({ policy, client }: StartQuestion): StartDecision | null {
	if (policy.consent === 'never')
		return no('never_allowed', 'Your agency does not allow impersonation. An admin can change the policy.');
	if (client.optedOut && policy.clientMayOptOut)
		return no('opted_out', `${client.name} opted out of impersonation. Ask the client to allow it.`);
	if ((policy.consent === 'grant' || client.requiresGrant) && !client.hasGrant)
		return no(
			'no_grant',
			`${client.name} has not allowed it for now. Ask the client to allow it under Access history.`
		);
	return null;
}

/** Whether this staff member may impersonate this contact now, or the sentence that says why not. */
export function mayImpersonate(q: StartQuestion): StartDecision {
	if (!q.permissions.has('impersonate'))
		return no('no_permission', 'Your role does not include impersonating clients.');
	if (q.policy.assignedOnly && !q.permissions.has('clients.all') && !q.isAssigned)
		return no('not_assigned', `${q.client.name} is not assigned to you. Ask an admin to assign it.`);
	if (q.client.status !== 'active')
		return no(
			'client_inactive',
			`${q.client.name} is ${q.client.status}, so nobody can be impersonated there.`
		);
	const consent = refusedConsent(q);
	if (consent) return consent;
	if (!q.contact?.active)
		return no('no_contact', `${q.client.name} has no active contact who could be impersonated.`);
	if (q.mode === 'act' && !mayAct(q.policy, q.permissions))
		return no('act_forbidden', 'You may look but not change things here. Choose View only.');
	return { allowed: true };
}

/** Whether a staff member may hold act mode at all. */
export const mayAct = (policy: Policy, permissions: ReadonlySet<Permission>): boolean =>
	policy.allowAct && permissions.has('impersonate.act');
