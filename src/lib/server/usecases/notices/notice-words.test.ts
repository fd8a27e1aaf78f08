import { describe, expect, it } from 'vitest';
import type { ActionName } from '#domain/actions.ts';
import type { ClientId } from '#domain/ids.ts';
import { agencyHref, portalHref, titleOf, verdictHref, verdictTitle, whoOf } from './notice-words.ts';

const names = { contact: 'Bea Morgan', staff: 'Maya Lindgren', agency: 'Northwind Studio' };

describe('a notice', () => {
	it('names both while impersonating, and who prepared what was approved', () => {
		expect(whoOf({ kind: 'impersonation', ...names })).toBe('Maya Lindgren as Bea Morgan');
		expect(whoOf({ kind: 'client', ...names })).toBe('Bea Morgan (prepared by Maya Lindgren)');
	});

	it('names the contact, the staff member with the agency, or the agency alone', () => {
		expect(whoOf({ kind: 'client', ...names, staff: null })).toBe('Bea Morgan');
		expect(whoOf({ kind: 'staff', ...names, contact: null })).toBe('Maya Lindgren, Northwind Studio');
		expect(whoOf({ kind: 'system', ...names, staff: null })).toBe('Northwind Studio');
	});

	it('says what was done to what', () => {
		const told = {
			kind: 'impersonation',
			...names,
			action: 'task.commented',
			details: { subject: 'Menu' }
		} as const;
		expect(titleOf(told)).toBe('Maya Lindgren as Bea Morgan commented on task “Menu”');
		expect(titleOf({ ...told, details: {} })).toBe('Maya Lindgren as Bea Morgan commented on task');
	});

	it('names both things, where a deed is about two', () => {
		const by = { kind: 'staff', ...names, contact: null } as const;
		const title = (action: ActionName, details: Record<string, unknown>) =>
			titleOf({ ...by, action, details });
		const file = { name: 'logo.svg', subject: 'Spring menu' };
		const who = 'Maya Lindgren, Northwind Studio';
		expect(title('task.file_attached', file)).toBe(`${who} attached file “logo.svg” to task “Spring menu”`);
		expect(title('order.file_added', { ...file, subject: 'O-7' })).toBe(
			`${who} added file “logo.svg” to order “O-7”`
		);
		expect(title('payment.removed', { subject: 'INV-7' })).toBe(
			`${who} removed a payment of invoice “INV-7”`
		);
		expect(title('payment.restored', { subject: 'INV-7' })).toBe(
			`${who} put back a payment of invoice “INV-7”`
		);
	});

	it('tells whoever prepared it how it was decided', () => {
		const told = { kind: 'client', ...names, details: { subject: 'plan.pdf' } } as const;
		expect(verdictTitle({ ...told, action: 'file.deleted' })).toBe(
			'Bea Morgan approved what you prepared: deleted file “plan.pdf”'
		);
		expect(verdictTitle({ ...told, action: 'draft.declined' })).toBe(
			'Bea Morgan declined what you prepared: “plan.pdf”'
		);
		expect(verdictTitle({ ...told, kind: 'system', action: 'draft.expired' })).toBe(
			'What you prepared ran out before it was decided: “plan.pdf”'
		);
		expect(verdictHref({ clientId: 'c' as ClientId })).toBe('/clients/c?tab=impersonations');
	});

	it('leads to the page of the thing, on the side of the reader', () => {
		const of = (subjectType: string, action: ActionName = 'task.created') => ({
			action,
			subjectType,
			subjectId: 'x',
			clientId: 'c' as ClientId
		});
		expect(portalHref(of('invoice'))).toBe('/invoices/x');
		expect(portalHref(of('file'))).toBe('/files/x');
		expect(portalHref(of('file', 'file.deleted'))).toBe('/files');
		expect(portalHref(of('folder'))).toBe('/files');
		expect(portalHref(of('nothing known'))).toBe('/');
		expect(agencyHref(of('thread'))).toBe('/messages/x');
		expect(agencyHref(of('task'))).toBe('/tasks/x');
		expect(agencyHref(of('file'))).toBe('/clients/c?tab=files');
		expect(agencyHref(of('nothing known'))).toBe('/clients/c');
		expect(portalHref(of('draft'))).toBe('/approvals');
	});
});
