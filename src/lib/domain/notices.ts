// Who is told of which action: the other side of the counter, by category, so that each person can choose what reaches
// them. Categories are stored in people's settings: added, never renamed [H4].
import { ACTIONS, type ActionName } from './actions.ts';
import type { Actor } from './actor.ts';

export const NOTICE_CATEGORIES = {
	tasks: 'Tasks',
	files: 'Files',
	orders: 'Orders',
	billing: 'Invoices and subscriptions',
	messages: 'Messages',
	access: 'Who accessed the account'
} as const;
export type NoticeCategory = keyof typeof NOTICE_CATEGORIES;

const OF_ACTION: Partial<Record<ActionName, NoticeCategory>> = {
	'task.created': 'tasks',
	'task.completed': 'tasks',
	'task.commented': 'tasks',
	'file.uploaded': 'files',
	'order.placed': 'orders',
	'order.cancelled': 'orders',
	'order.status_changed': 'orders',
	'order.messaged': 'orders',
	'invoice.sent': 'billing',
	'invoice.claimed_paid': 'billing',
	'payment.recorded': 'billing',
	'subscription.renewed': 'billing',
	'subscription.changed': 'billing',
	'subscription.paused': 'billing',
	'subscription.resumed': 'billing',
	'subscription.cancelled': 'billing',
	'thread.started': 'messages',
	'message.sent': 'messages',
	'draft.prepared': 'access'
};

/** The category of what people are told about an action, or null when nobody is. */
export const noticeCategory = (action: ActionName): NoticeCategory | null => OF_ACTION[action] ?? null;

/** Whether anybody may have to be told. Sensitive changes while impersonating are always told to the client. */
export const tellsSomebody = (action: ActionName, kind: Actor['kind']): boolean =>
	noticeCategory(action) !== null ||
	(kind === 'impersonation' && ACTIONS[action].sensitivity === 'sensitive');
