// What each rule of the policy means to the people it touches. Apart from the schema, whose library browsers never get.
import type { Policy } from './policy.ts';

type Base = { label: string; text: string; who: string };
export type SwitchText = Base & { kind: 'switch' };
export type NumberText = Base & { kind: 'number'; unit: string; min: number; max: number };
export type ChoiceText = Base & {
	kind: 'choice';
	options: { value: string; label: string; description: string }[];
};
export type PolicyText = SwitchText | NumberText | ChoiceText;

const on = (label: string, text: string, who: string): SwitchText => ({ kind: 'switch', label, text, who });
const count = (
	label: string,
	limits: { unit: string; min: number; max: number },
	text: string,
	who: string
): NumberText => ({ kind: 'number', label, text, who, ...limits });

const MINUTES = { unit: 'minutes', min: 1, max: 60 };

export const POLICY_TEXTS: { [K in keyof Policy]: PolicyText } = {
	consent: {
		kind: 'choice',
		label: 'Ask the client first',
		text: 'Taking it back, or letting a grant run out, ends whoever is inside within a second.',
		who: 'Everybody who impersonates',
		options: [
			{
				value: 'none',
				label: 'Not asked',
				description: 'Staff may enter. A client can still ask to be asked.'
			},
			{
				value: 'grant',
				label: 'A grant is needed',
				description: 'Only while the client allows it under Access history, for a time they choose.'
			},
			{
				value: 'never',
				label: 'Never allowed',
				description: 'Nobody enters any portal. Whoever is inside leaves.'
			}
		]
	},
	clientMayOptOut: on(
		'Clients may opt out',
		'The owner of a client can close their portal to your staff altogether. Off: earlier opt-outs stop counting.',
		'Owners of clients'
	),
	assignedOnly: on(
		'Only assigned clients',
		'Whoever may not reach every client can enter only those they look after. Off: holders of the permission enter all.',
		'Managers'
	),
	reasonRequired: on(
		'A reason is needed',
		'Nobody starts without choosing one. The client reads it in their Access history.',
		'Everybody who impersonates'
	),
	ticketRequired: on(
		'A ticket is needed',
		'Nobody starts without the number of a ticket. The client reads it too.',
		'Everybody who impersonates'
	),
	hardLimitMinutes: count(
		'Longest stay',
		MINUTES,
		'Counted down in the banner, and never extended: going on is a new impersonation of its own. Changes count from the next start.',
		'Everybody who impersonates'
	),
	onboardingLimitMinutes: count(
		'Longest stay for Onboarding',
		MINUTES,
		'Setting up a new client takes longer, so this reason has a limit of its own.',
		'Everybody who impersonates'
	),
	idleLimitMinutes: count(
		'Ends when nothing happens for',
		MINUTES,
		'Without pointer, key or request on any tab; warned a minute before.',
		'Everybody who impersonates'
	),
	allowAct: on(
		'Act mode',
		'Holders of its permission may change things in a client’s name. Off: everybody only looks, at once and inside running ones too.',
		'Holders of “Change things while impersonating”'
	),
	preselectAct: on(
		'Begin in Act mode',
		'The dialog proposes Act rather than View only. People can still choose.',
		'Holders of “Change things while impersonating”'
	),
	draftSensitive: on(
		'Sensitive actions wait for approval',
		'Orders, cancellations, plans, “I have paid” and deleting become drafts: the client approves or declines each one.',
		'Staff in Act mode and the clients they act for'
	),
	holdMails: on(
		'Hold mails until the receipt',
		'Mails that something inside causes wait until whoever was inside sends or cancels each on their receipt, at most 4 hours; at a forced end they leave. What tells the client of the visit itself never waits.',
		'Staff in Act mode, clients and colleagues'
	),
	tellClient: on(
		'Tell the client in the portal',
		'Each visit shows on their home page, and each sensitive change in the owner’s notifications. Mails have switches of their own. Their Access history keeps every visit either way: nobody can switch that off.',
		'Clients'
	),
	mailOwnerDaily: on(
		'Daily mail to the owner',
		'One mail on days with visits: who, when, how long, why, and what was changed.',
		'Owners of clients'
	),
	mailAfterSensitive: on(
		'Mail after sensitive changes',
		'At once, when staff change something sensitive in a client’s name.',
		'Owners of clients'
	),
	showWatchers: on(
		'Show who watches',
		'Whoever is watched sees the watchers’ initials in the banner. Off: they do not, but every watch is still logged.',
		'Staff who are watched'
	),
	leaseSeconds: count(
		'A change needs a recorder heard within',
		{ unit: 'seconds', min: 5, max: 15 },
		'Longer silent, and changes are refused until the recording goes on. 15 is the most; fewer is stricter, and harder on slow lines.',
		'Staff in Act mode'
	),
	masking: {
		kind: 'choice',
		label: 'What recordings mask',
		text: 'Passwords, codes, card and bank fields never leave the page, whatever you choose. Counts from the next page that is opened.',
		who: 'Supervisors and reviewers',
		options: [
			{
				value: 'personal',
				label: 'Secrets and personal data',
				description:
					'Text and what staff type are seen. Personal data shows as blocks until a reviewer unmasks it with a reason.'
			},
			{
				value: 'inputs',
				label: 'Also what is typed or chosen',
				description: 'Fields, selections and searches show as blocks. The page’s own text is seen.'
			},
			{
				value: 'text',
				label: 'All text',
				description: 'Every word shows as blocks, except where the portal marks it as public.'
			}
		]
	}
};

export const POLICY_GROUPS: { title: string; keys: (keyof Policy)[] }[] = [
	{
		title: 'Coming in',
		keys: ['consent', 'clientMayOptOut', 'assignedOnly', 'reasonRequired', 'ticketRequired']
	},
	{ title: 'How long', keys: ['hardLimitMinutes', 'onboardingLimitMinutes', 'idleLimitMinutes'] },
	{ title: 'What staff may do inside', keys: ['allowAct', 'preselectAct', 'draftSensitive', 'holdMails'] },
	{ title: 'What the client is told', keys: ['tellClient', 'mailOwnerDaily', 'mailAfterSensitive'] },
	{ title: 'Recording and watching', keys: ['leaseSeconds', 'showWatchers', 'masking'] }
];

/** A value as a person would say it. */
export function policyValueText(key: keyof Policy, value: unknown): string {
	const text = POLICY_TEXTS[key];
	if (text.kind === 'switch') return value === true ? 'on' : 'off';
	if (text.kind === 'number') return `${String(value)} ${text.unit}`;
	return text.options.find((option) => option.value === value)?.label ?? String(value);
}
