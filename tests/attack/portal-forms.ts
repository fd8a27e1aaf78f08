// One filled-in form for each action of the portal, so that who may do it is answered by the gate and not by a field that
// was left empty. A new action needs one line; `{kind}` stands for the id of Bluebird's record.
const NOBODY = '00000000-0000-4000-8000-000000000000';

export type FilledForm = {
	fields: Record<string, string>;
	/** While impersonating it is the client's own in both modes, not only in view. */
	isForbidden?: true;
	/** It changes nothing, and is answered. */
	isReading?: true;
	/** Refused, and no row of the log: marking as read is no action. */
	isUnlogged?: true;
	headers?: Record<string, string>;
};

const plain = (fields: Record<string, string> = {}): FilledForm => ({ fields });
const forbidden = (fields: Record<string, string> = {}): FilledForm => ({ fields, isForbidden: true });
const reading = (fields: Record<string, string> = {}): FilledForm => ({ fields, isReading: true });

const CHOICE = { service: '{service}', package: NOBODY, quantity: '1' };
const PASSWORD = { password: 'not the right one, 12' };

export const PORTAL_FORMS: Record<string, FilledForm> = {
	// What a recorded page says of itself: changes nothing of the client's, in view mode as well.
	'/recorded-assets': reading(),
	'/access-history?/end': forbidden({ visit: '{impersonation}' }),
	'/access-history?/who': forbidden({ who: 'closed' }),
	'/access-history?/grant': forbidden({ lasts: 'hour' }),
	'/access-history?/again': forbidden({ id: NOBODY }),
	'/access-history?/withdraw': forbidden({ id: NOBODY }),
	'/account?/profile': plain({ name: 'Bea Morgan', jobTitle: 'Baker', phone: '' }),
	'/account/notifications?/notices': forbidden({ access: 'off' }),
	'/account/security?/email': forbidden({ email: 'new@bluebird.test', ...PASSWORD }),
	'/account/security?/password': forbidden({ ...PASSWORD, newPassword: 'taken over by force' }),
	'/account/security?/endSession': forbidden({ session: 'others' }),
	'/account/security?/twoFactorOn': forbidden(PASSWORD),
	'/account/security?/twoFactorCode': forbidden({ code: '123456' }),
	'/account/security?/twoFactorOff': forbidden(PASSWORD),
	'/account/security?/backupCodes': forbidden(PASSWORD),
	'/account/team?/invite': forbidden({ name: 'Eve', email: 'eve@bluebird.test', 'right-tasks': 'on' }),
	'/account/team?/reinvite': forbidden({ contactId: '{contact}' }),
	'/account/team?/rights': forbidden({ contactId: '{contact}', 'right-billing': 'on' }),
	'/account/team?/remove': forbidden({ contactId: '{contact}' }),
	'/account/team?/restore': forbidden({ contactId: '{contact}' }),
	'/approvals?/approve': forbidden({ id: '{draft}' }),
	'/approvals?/decline': forbidden({ id: '{draft}', reason: 'No' }),
	'/files?/upload': plain({ folder: '' }),
	'/files?/folder': plain({ name: 'New folder', folder: '' }),
	'/files?/rename': plain({ kind: 'file', id: '{file}', name: 'other.txt' }),
	'/files?/move': plain({ kind: 'file', id: '{file}', to: '' }),
	'/files?/delete': plain({ kind: 'file', id: '{file}' }),
	'/files?/restore': plain({ kind: 'file', id: '{file}' }),
	'/files/[id]?/rename': plain({ name: 'other.txt' }),
	'/files/[id]?/move': plain({ to: '' }),
	'/files/[id]?/delete': plain(),
	'/files/uploads/[...id]': {
		fields: {},
		headers: { 'tus-resumable': '1.0.0', 'upload-length': '3', 'upload-metadata': 'filename YS50eHQ=' }
	},
	'/invoices/[id]?/claim': plain({ reference: 'Transfer of Monday' }),
	'/invoices/[id]?/withdraw': plain(),
	'/messages/[id]?/send': plain({ body: 'Hello' }),
	'/messages/new?/create': plain({ subject: 'A question', body: 'Hello' }),
	'/notifications?/open': reading({ id: NOBODY }),
	'/notifications?/readAll': { fields: {}, isForbidden: true, isUnlogged: true },
	'/orders/[id]?/cancel': plain({ reason: 'Not needed any more' }),
	'/orders/[id]?/restore': plain(),
	'/orders/[id]?/message': plain({ body: 'Hello' }),
	'/orders/[id]?/attach': plain(),
	'/orders/new?/review': reading(CHOICE),
	'/orders/new?/change': reading(CHOICE),
	'/orders/new?/place': plain({ ...CHOICE, total: '100', key: NOBODY }),
	'/subscriptions/[id]?/change': plain({ packageId: NOBODY }),
	'/subscriptions/[id]?/cancel': plain({ reason: 'Too dear' }),
	'/subscriptions/[id]?/pause': plain(),
	'/subscriptions/[id]?/resume': plain(),
	'/subscriptions/[id]?/keep': plain(),
	'/tasks?/create': plain({ title: 'A task' }),
	'/tasks/new?/create': plain({ title: 'A task' }),
	'/tasks/[id]?/edit': plain({ title: 'Another title', description: '' }),
	'/tasks/[id]?/complete': plain(),
	'/tasks/[id]?/reopen': plain(),
	'/tasks/[id]?/delete': plain(),
	'/tasks/[id]?/restore': plain(),
	'/tasks/[id]?/comment': plain({ body: 'Hello' }),
	'/tasks/[id]?/attach': plain()
};
