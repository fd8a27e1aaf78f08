// Who is told of which action: the other side of the counter, by category, so that each person can choose what reaches
// them. Categories are stored in people's settings: added, never renamed [H4].
import { ACTIONS, type ActionName } from './actions.ts';
import type { Actor } from './actor.ts';
import type { ElementKey } from './portal-elements.ts';

export const NOTICE_CATEGORIES = {
	tasks: 'Tasks',
	files: 'Files',
	orders: 'Orders',
	billing: 'Invoices and subscriptions',
	messages: 'Messages',
	access: 'Who accessed the account',
	/** For overseers alone. */
	alerts: 'Alerts about impersonations'
} as const;
export type NoticeCategory = keyof typeof NOTICE_CATEGORIES;

/**
 * What an agency sets for others. Who was told of their own visits is a matter of the policy, never of a default; and whoever
 * watches over others must not be silenced by one.
 */
export type SettableCategory = Exclude<NoticeCategory, 'access' | 'alerts'>;
export const SETTABLE_CATEGORIES = (Object.keys(NOTICE_CATEGORIES) as NoticeCategory[]).filter(
	(key): key is SettableCategory => key !== 'access' && key !== 'alerts'
);

const OF_ACTION: Partial<Record<ActionName, NoticeCategory>> = {
	'task.created': 'tasks',
	'task.completed': 'tasks',
	'task.commented': 'tasks',
	'task.file_attached': 'tasks',
	'file.uploaded': 'files',
	'order.placed': 'orders',
	'order.cancelled': 'orders',
	'order.restored': 'orders',
	'order.status_changed': 'orders',
	'order.messaged': 'orders',
	'order.file_added': 'orders',
	'invoice.sent': 'billing',
	'invoice.voided': 'billing',
	'invoice.claimed_paid': 'billing',
	'invoice.claim_withdrawn': 'billing',
	'invoice.claim_rejected': 'billing',
	'payment.recorded': 'billing',
	'payment.removed': 'billing',
	'payment.restored': 'billing',
	'subscription.created': 'billing',
	'subscription.renewed': 'billing',
	'subscription.changed': 'billing',
	'subscription.paused': 'billing',
	'subscription.resumed': 'billing',
	'subscription.cancelled': 'billing',
	'subscription.ended': 'billing',
	'thread.started': 'messages',
	'message.sent': 'messages',
	'draft.prepared': 'access'
};

/** Done by staff on their own side, to who may come into the account: its owner is told as of a visit. */
const OF_STAFF: Partial<Record<ActionName, NoticeCategory>> = {
	'contact.invited': 'access',
	'contact.made_owner': 'access'
};

/** The category of what people are told about an action, or null when nobody is. */
export const noticeCategory = (action: ActionName, kind: Actor['kind']): NoticeCategory | null =>
	OF_ACTION[action] ?? (kind === 'staff' ? OF_STAFF[action] : null) ?? null;

/** Whether it decides what staff prepared. An approval stands in the log as the approved action itself. */
export const isVerdict = (action: ActionName, approves: boolean): boolean =>
	approves || action === 'draft.declined' || action === 'draft.expired';

/** Told to the colleagues that its details name, and to nobody else: clients hear nothing of what is said about a recording. */
export const tellsColleagues = (action: ActionName): boolean =>
	action === 'recording.commented' || action === 'review.assigned';

/**
 * Told to whoever watches over impersonations, and to nobody else. Attack: whoever may change the rules of alerts, or the working hours
 * that one of them goes by, changes them for as long as they act.
 */
export const tellsOverseers = (action: ActionName): boolean =>
	action === 'alert.raised' || action === 'alert.rules_changed' || action === 'review.rules_changed';

/**
 * Whether anybody may have to be told. Sensitive changes while impersonating are always told to the client, and verdicts
 * to whoever prepared what was decided.
 */
export const tellsSomebody = (action: ActionName, kind: Actor['kind'], approves: boolean): boolean =>
	noticeCategory(action, kind) !== null ||
	tellsColleagues(action) ||
	tellsOverseers(action) ||
	isVerdict(action, approves) ||
	(kind === 'impersonation' && ACTIONS[action].sensitivity === 'sensitive');

/** How one category reaches a person. */
export type NoticeWish = { inApp: boolean; mail: boolean };
/** As stored for an agency (the default of its people and its clients' contacts) and for one person. */
export type NoticeSetup = Partial<Record<string, Partial<NoticeWish>>>;

/** Mail only for what somebody waits for: who gets ten mails a day reads none. */
export const NOTICE_DEFAULTS: Record<NoticeCategory, NoticeWish> = {
	tasks: { inApp: true, mail: false },
	files: { inApp: true, mail: false },
	orders: { inApp: true, mail: true },
	billing: { inApp: true, mail: true },
	messages: { inApp: true, mail: true },
	access: { inApp: true, mail: true },
	alerts: { inApp: true, mail: true }
};

/**
 * What a person wants, else what the agency set, else the default.
 * Attack: an agency that switches off by default what tells its clients who was inside.
 */
export function noticeWish(
	category: NoticeCategory,
	person: NoticeSetup | null | undefined,
	agency: NoticeSetup | null | undefined
): NoticeWish {
	const set = category === 'access' || category === 'alerts' ? null : agency?.[category];
	return { ...NOTICE_DEFAULTS[category], ...set, ...person?.[category] };
}

/** What a contact must be able to see to be told of such a thing at all. */
export const NOTICE_ELEMENTS: Record<NoticeCategory, readonly ElementKey[]> = {
	tasks: ['tasks'],
	files: ['files'],
	orders: ['orders'],
	billing: ['invoices', 'subscriptions'],
	messages: ['messages'],
	access: ['access-history'],
	alerts: []
};

const PART_OF_ACTION: Partial<Record<ActionName, ElementKey>> = {
	'task.commented': 'tasks.comments',
	'task.file_attached': 'tasks.attachments',
	'order.messaged': 'orders.messages',
	'order.file_added': 'orders.files',
	'payment.recorded': 'invoices.payments',
	'payment.removed': 'invoices.payments',
	'payment.restored': 'invoices.payments'
};

/** The element one action is told under: the narrowest that hides it. */
export function noticeElement(
	action: ActionName,
	category: NoticeCategory,
	subjectType: string | null
): ElementKey {
	const part = PART_OF_ACTION[action];
	if (part) return part;
	if (category === 'billing') return subjectType === 'subscription' ? 'subscriptions' : 'invoices';
	return NOTICE_ELEMENTS[category][0] as ElementKey;
}
