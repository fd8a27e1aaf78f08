import { describe, expect, it } from 'vitest';
import type { ClientId } from '#domain/ids.ts';
import { agencyHref, portalHref, titleOf, whoOf } from './notice-words.ts';

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

	it('leads to the page of the thing, on the side of the reader', () => {
		const of = (subjectType: string) => ({ subjectType, subjectId: 'x', clientId: 'c' as ClientId });
		expect(portalHref(of('invoice'))).toBe('/invoices/x');
		expect(portalHref(of('file'))).toBe('/files');
		expect(portalHref(of('nothing known'))).toBe('/');
		expect(agencyHref(of('thread'))).toBe('/messages/x');
		expect(agencyHref(of('task'))).toBe('/tasks/x');
		expect(agencyHref(of('file'))).toBe('/clients/c?tab=files');
		expect(agencyHref(of('nothing known'))).toBe('/clients/c');
		expect(portalHref(of('draft'))).toBe('/approvals');
	});
});
