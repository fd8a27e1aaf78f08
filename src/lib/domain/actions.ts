// The catalogue of actions: every change, and every disclosure worth proving (design.md §3).
// Stored for ever: entries are added, never renamed or removed [H4].
import {
	agency,
	BASE,
	control,
	DRAFT,
	FORBIDDEN,
	portal,
	SENSITIVE,
	type ActionEntry
} from './action-entry.ts';
import { SUPERVISION_ACTIONS } from './supervision-actions.ts';

export type { ActionEntry, ActionKind, Sensitivity } from './action-entry.ts';

export const ACTIONS = {
	'task.created': portal('Created task', 'tasks.create', { permission: 'tasks.manage' }),
	'task.edited': portal('Edited task', 'tasks.create', { permission: 'tasks.manage' }),
	'task.completed': portal('Completed task', 'tasks.complete', { permission: 'tasks.manage' }),
	'task.reopened': portal('Reopened task', 'tasks.complete', { permission: 'tasks.manage' }),
	'task.commented': portal('Commented on task', 'tasks.comments', { permission: 'tasks.manage' }),
	'task.file_attached': portal('Attached file', 'tasks.attachments', { permission: 'tasks.manage' }),
	'task.deleted': portal('Deleted task', 'tasks.delete', { ...DRAFT, permission: 'tasks.manage' }),
	'task.restored': portal('Restored task', 'tasks.delete', { permission: 'tasks.manage' }),
	'folder.created': portal('Created folder', 'files.upload', { permission: 'files.manage' }),
	'folder.renamed': portal('Renamed folder', 'files.organize', { permission: 'files.manage' }),
	'folder.moved': portal('Moved folder', 'files.organize', { permission: 'files.manage' }),
	'folder.deleted': portal('Deleted folder', 'files.delete', { ...DRAFT, permission: 'files.manage' }),
	'folder.restored': portal('Restored folder', 'files.delete', { permission: 'files.manage' }),
	'file.uploaded': portal('Uploaded file', 'files.upload', { permission: 'files.manage' }),
	'file.renamed': portal('Renamed file', 'files.organize', { permission: 'files.manage' }),
	'file.moved': portal('Moved file', 'files.organize', { permission: 'files.manage' }),
	'file.downloaded': portal('Downloaded file', 'files.download', {
		kind: 'disclosure',
		permission: 'clients.read'
	}),
	'file.deleted': portal('Deleted file', 'files.delete', { ...DRAFT, permission: 'files.manage' }),
	'file.restored': portal('Restored file', 'files.delete', { permission: 'files.manage' }),
	'order.placed': portal('Placed order', 'orders.place', { ...DRAFT, permission: 'orders.manage' }),
	'order.cancelled': portal('Cancelled order', 'orders.cancel', { ...DRAFT, permission: 'orders.manage' }),
	// Never a draft: while impersonating only what was cancelled in there is taken back (usecases/orders/restore-order.ts).
	'order.restored': portal('Took back the cancelling of order', 'orders.cancel', {
		...SENSITIVE,
		permission: 'orders.manage'
	}),
	'order.file_added': portal('Added file to order', 'orders.files', { permission: 'orders.manage' }),
	'order.messaged': portal('Wrote about order', 'orders.messages', { permission: 'orders.manage' }),
	'order.status_changed': agency('Changed status of order', 'orders.manage'),
	'invoice.created': agency('Created invoice', 'billing.manage', { bySystem: true }),
	'invoice.edited': agency('Edited invoice', 'billing.manage'),
	'invoice.sent': agency('Sent invoice', 'billing.manage', { bySystem: true }),
	'invoice.voided': agency('Voided invoice', 'billing.manage', SENSITIVE),
	'invoice.deleted': agency('Deleted draft invoice', 'billing.manage'),
	'invoice.restored': agency('Restored draft invoice', 'billing.manage'),
	'invoice.claimed_paid': portal('Said invoice was paid', 'invoices.claim', DRAFT),
	'invoice.claim_withdrawn': portal('Took back that invoice was paid', 'invoices.claim', DRAFT),
	'invoice.claim_rejected': agency('Answered that the payment of an invoice was not found', 'billing.manage'),
	'invoice.downloaded': portal('Downloaded invoice', 'invoices.pdf', {
		kind: 'disclosure',
		permission: 'clients.read'
	}),
	'payment.recorded': agency('Recorded payment', 'billing.manage', SENSITIVE),
	'payment.removed': agency('Removed payment', 'billing.manage', SENSITIVE),
	'payment.restored': agency('Put payment back', 'billing.manage', SENSITIVE),
	'subscription.created': agency('Created subscription', 'billing.manage'),
	'subscription.renewed': agency('Renewed subscription', 'billing.manage', { bySystem: true }),
	'subscription.changed': portal('Changed plan of subscription', 'subscriptions.change', {
		...DRAFT,
		permission: 'billing.manage'
	}),
	'subscription.paused': portal('Paused subscription', 'subscriptions.pause', {
		...SENSITIVE,
		permission: 'billing.manage'
	}),
	'subscription.resumed': portal('Resumed subscription', 'subscriptions.pause', {
		...SENSITIVE,
		permission: 'billing.manage'
	}),
	'subscription.cancelled': portal('Cancelled subscription', 'subscriptions.cancel', {
		...DRAFT,
		permission: 'billing.manage'
	}),
	'subscription.ended': agency('Ended subscription', 'billing.manage', { bySystem: true }),
	'subscription.kept': portal('Kept subscription', 'subscriptions.cancel', { permission: 'billing.manage' }),
	'service.created': agency('Created service', 'services.manage'),
	'service.edited': agency('Edited service', 'services.manage'),
	'service.published': agency('Published service', 'services.manage'),
	'service.archived': agency('Archived service', 'services.manage'),
	'thread.started': portal('Started conversation', 'messages.send', { permission: 'messages.manage' }),
	'message.sent': portal('Sent message', 'messages.send', { permission: 'messages.manage' }),
	'profile.edited': portal('Edited profile', 'account.profile'),
	'notifications.changed': portal('Changed notifications', 'account', FORBIDDEN),
	'contact.invited': portal('Invited contact', 'account.team', {
		...FORBIDDEN,
		permission: 'clients.manage'
	}),
	'contact.rights_changed': portal('Changed rights of contact', 'account.team', {
		...FORBIDDEN,
		permission: 'clients.manage'
	}),
	'contact.removed': portal('Removed contact', 'account.team', {
		...FORBIDDEN,
		permission: 'clients.manage'
	}),
	'contact.made_owner': agency('Handed the account over to', 'clients.manage', SENSITIVE),
	'contact.restored': portal('Restored contact', 'account.team', {
		...FORBIDDEN,
		permission: 'clients.manage'
	}),
	'contact.edited': agency('Edited contact', 'clients.manage'),
	'credentials.changed': portal('Changed sign-in credentials', 'account', FORBIDDEN),
	'two_factor.enabled': portal('Switched two-factor on', 'account', FORBIDDEN),
	'two_factor.disabled': portal('Switched two-factor off', 'account', FORBIDDEN),
	'session.signed_in': portal('Signed in to the portal', 'home', FORBIDDEN),
	'session.signed_out': portal('Signed out of the portal', 'home', FORBIDDEN),
	'session.ended': portal('Signed out a session', 'account', FORBIDDEN),
	'consent.granted': portal('Allowed impersonation for a time', 'access-history', FORBIDDEN),
	'consent.withdrawn': portal('Withdrew the permission to impersonate', 'access-history', FORBIDDEN),
	'consent.changed': portal('Changed who may impersonate', 'access-history', FORBIDDEN),
	/** By the client it is about: it ends the impersonation as Switch Back does, and nobody inside can press it. */
	'visit.ended': portal('Ended the visit', 'access-history', FORBIDDEN),
	'draft.prepared': portal('Prepared for approval', 'home'),
	'draft.withdrawn': portal('Withdrew a prepared action', 'home', { permission: 'impersonate' }),
	/** Only ever a refused attempt: what is approved stands in the log as the action itself, with both names. */
	'draft.approved': portal('Approved a prepared action', 'home', FORBIDDEN),
	'draft.expired': {
		...BASE,
		title: 'Let a prepared action run out',
		element: null,
		bySystem: true
	},
	'draft.declined': portal('Declined a prepared action', 'home', FORBIDDEN),
	'client.created': agency('Created client', 'clients.manage'),
	'client.edited': agency('Edited client', 'clients.manage'),
	'client.archived': agency('Archived client', 'clients.manage', SENSITIVE),
	'client.restored': agency('Restored client', 'clients.manage'),
	'client.activated': agency('Activated client', 'clients.manage'),
	'client.deactivated': agency('Deactivated client', 'clients.manage', SENSITIVE),
	'client.assigned': agency('Changed who looks after client', 'clients.manage'),
	'client.erased': agency('Erased client', 'erase', SENSITIVE),
	'client.held': agency('Put client on hold', 'erase', SENSITIVE),
	'client.hold_released': agency('Released hold of client', 'erase', SENSITIVE),
	'client.retention_changed': agency(
		'Changed how long recordings are kept of client',
		'policy.manage',
		SENSITIVE
	),
	'clients.exported': agency('Exported clients', 'clients.export', { kind: 'disclosure' }),
	'actions.exported': agency('Exported action log', 'actions.read', { kind: 'disclosure' }),
	'portal.default_changed': agency('Changed portal default', 'portal.manage'),
	'portal.override_changed': agency('Changed portal of client', 'portal.manage'),
	'announcement.created': agency('Published announcement', 'settings.manage'),
	'announcement.edited': agency('Edited announcement', 'settings.manage'),
	'announcement.removed': agency('Removed announcement', 'settings.manage'),
	'announcement.restored': agency('Restored announcement', 'settings.manage'),
	'policy.changed': agency('Changed impersonation policy', 'policy.manage', SENSITIVE),
	'retention.changed': agency('Changed how long recordings are kept', 'policy.manage', SENSITIVE),
	'agency.edited': agency('Changed agency settings', 'settings.manage'),
	'appearance.changed': agency('Changed appearance', 'settings.manage'),
	'staff.invited': agency('Invited staff member', 'team.manage'),
	'staff.invitation_withdrawn': agency('Withdrew invitation of staff member', 'team.manage'),
	'staff.role_changed': agency('Changed role of staff member', 'team.manage', SENSITIVE),
	'staff.permissions_changed': agency('Changed permissions of staff member', 'team.manage', SENSITIVE),
	'staff.deactivated': agency('Deactivated staff member', 'team.manage', SENSITIVE),
	'staff.activated': agency('Activated staff member', 'team.manage', SENSITIVE),
	'staff.preferences_changed': control('Changed own preferences', null),
	'staff.profile_edited': control('Edited own profile', null),
	'staff.credentials_changed': control('Changed own sign-in credentials', null),
	'staff.two_factor_enabled': control('Switched own two-factor on', null),
	'staff.two_factor_disabled': control('Switched own two-factor off', null),
	'staff.signed_in': control('Signed in', null),
	'staff.signed_out': control('Signed out', null),
	'staff.session_ended': control('Signed out an own session', null),
	'mail.retried': agency('Sent mail again', 'settings.manage'),
	'role.created': agency('Created role', 'team.manage', SENSITIVE),
	'role.edited': agency('Edited role', 'team.manage', SENSITIVE),
	'role.removed': agency('Removed role', 'team.manage', SENSITIVE),
	'sidebar.changed': agency('Changed sidebar of role', 'portal.manage'),
	...SUPERVISION_ACTIONS
} as const satisfies Record<string, ActionEntry>;

export type ActionName = keyof typeof ACTIONS;

/** Comings and goings: evidence in the log, and noise where the latest things done are shown. */
export const COMINGS: readonly ActionName[] = [
	'session.signed_in',
	'session.signed_out',
	'staff.signed_in',
	'staff.signed_out'
];

/** Done to a recording later, by whoever looked at it: under its impersonation in the log, and part of no moment of it. */
export const AFTERWARDS: readonly ActionName[] = [
	'alert.settled',
	'alert.reopened',
	'impersonation.noted',
	'mail.released',
	'mail.cancelled',
	'recording.replayed',
	'recording.unmasked',
	'recording.exported',
	'evidence.exported',
	'recording.erased',
	'recording.expired',
	'recording.commented',
	'recording.comment_removed',
	'recording.bookmarked',
	'recording.bookmark_removed',
	'recording.held',
	'recording.hold_released',
	'review.assigned',
	'review.decided'
];

export const isActionName = (name: string): name is ActionName => Object.hasOwn(ACTIONS, name);

/** "Created task", or "Tried: created task" for a refused attempt. */
export function actionTitle(name: string, outcome: 'done' | 'refused' = 'done'): string {
	const title = isActionName(name) ? ACTIONS[name].title : name;
	return outcome === 'done' ? title : `Tried: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
