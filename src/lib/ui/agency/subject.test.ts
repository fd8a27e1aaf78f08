import { describe, expect, it } from 'vitest';
import { PERMISSIONS, type Permission } from '#domain/permissions.ts';
import { countText } from './count-text.ts';
import { subjectHref, subjectText } from './subject.ts';

const client = { id: 'c1', name: 'Bluebird' };
const row = (type: string, id: string | null = 'x1', label: string | null = null) => ({
	client,
	subject: { type, id, label }
});

const all = { permissions: Object.keys(PERMISSIONS) as Permission[] };

describe('the subject of an action', () => {
	it('leads to its page, or to the client’s tab where it stands', () => {
		expect(subjectHref(row('invoice'), all)).toBe('/invoices/x1');
		expect(subjectHref(row('file'), all)).toBe('/clients/c1?tab=files');
		expect(subjectHref({ ...row('contact'), client: null }, all)).toBeNull();
	});
	it('leads nowhere without a record or for a kind that has no page', () => {
		expect(subjectHref(row('invoice', null), all)).toBeNull();
		expect(subjectHref(row('agency'), all)).toBeNull();
		expect(subjectHref({ client, subject: null }, all)).toBeNull();
	});
	it('leads nowhere that its reader may not go', () => {
		expect(subjectHref(row('order'), { permissions: ['clients.read'] })).toBeNull();
		expect(subjectHref(row('order'), { permissions: ['orders.manage'] })).toBe('/orders/x1');
	});
	it('is called by its own name, else by its kind', () => {
		expect(subjectText(row('task', 'x1', 'New menu'))).toBe('New menu');
		expect(subjectText(row('add_on'))).toBe('add on');
		expect(subjectText({ client, subject: null })).toBe('–');
	});
});

describe('a count', () => {
	it('says where counting stopped', () => {
		expect(countText(1, false)).toBe('1 action');
		expect(countText(1204, false)).toBe('1,204 actions');
		expect(countText(10_000, true)).toBe('over 10,000 actions');
	});
});
