import { describe, expect, it } from 'vitest';
import { mayOf, may, portalMenu, decide, type PortalView } from './visibility.ts';
import {
	isAccompanied,
	isZone,
	LOOK_COUNTS_MS,
	zoneAreaOf,
	ZONE_ACTIONS,
	zoneLabel,
	type Witness
} from './zones.ts';

const witness = (more: Partial<Witness> = {}): Witness => ({
	staffId: 'sofia',
	active: true,
	role: ['supervise'],
	granted: [],
	withdrawn: [],
	lookedMsAgo: 0,
	...more
});

describe('the second person', () => {
	it('is somebody else who may stop it and looked a moment ago', () => {
		expect(isAccompanied('maya', [witness()])).toBe(true);
		expect(isAccompanied('maya', [witness({ lookedMsAgo: LOOK_COUNTS_MS })])).toBe(true);
		expect(isAccompanied('maya', [witness({ role: [], granted: ['supervise'] })])).toBe(true);
	});

	it.each([
		['nobody', []],
		['the one inside', [witness({ staffId: 'maya' })]],
		['an observer', [witness({ role: ['observe'] })]],
		['a helper', [witness({ role: ['assist'] })]],
		['whom the right was withdrawn from', [witness({ withdrawn: ['supervise'] })]],
		['whom a part of the right was withdrawn from', [witness({ withdrawn: ['observe'] })]],
		['somebody who was deactivated', [witness({ active: false })]],
		['who has not looked', [witness({ lookedMsAgo: null })]],
		['who looked too long ago', [witness({ lookedMsAgo: LOOK_COUNTS_MS + 1 })]]
	])('is not %s', (_, witnesses) => {
		expect(isAccompanied('maya', witnesses)).toBe(false);
	});
});

describe('a locked zone', () => {
	const view: PortalView = { agency: {}, client: {}, contact: { isOwner: true, rights: [] } };
	const locked: PortalView = { ...view, locked: ['invoices'] };

	it('hides a section and all of its parts, and says that a second person is what is missing', () => {
		expect(may('invoices', locked, 'see')).toBe(false);
		expect(mayOf(['invoices.pdf', 'tasks.create'], locked)).toEqual({
			'invoices.pdf': false,
			'tasks.create': true
		});
		expect(decide('invoices.pdf', locked)).toMatchObject({ allowed: false, needsSecond: 'invoices' });
	});

	it('stays in the menu, or nobody could go there and ask', () => {
		expect(portalMenu(locked)).toEqual(portalMenu(view));
	});

	it('is named where the section is hidden from the client anyway as what it is: hidden', () => {
		const hidden: PortalView = { ...locked, client: { invoices: { hidden: true } } };
		expect(decide('invoices', hidden, 'see')).toEqual({ allowed: false, because: 'client', by: 'invoices' });
	});
});

it('marks sections and actions of the portal alone, and nothing that is never done inside', () => {
	expect(isZone('invoices')).toBe(true);
	expect(isZone('order.placed')).toBe(true);
	for (const key of [
		'home',
		'access-history',
		'account',
		'credentials.changed',
		'policy.changed',
		'__proto__',
		''
	])
		expect(isZone(key), key).toBe(false);
	expect(ZONE_ACTIONS.every((name) => name.includes('.') && zoneLabel(name) !== name)).toBe(true);
});

it('knows the section of an address', () => {
	expect(zoneAreaOf('/invoices')).toBe('invoices');
	expect(zoneAreaOf('/invoices/17/pdf')).toBe('invoices');
	for (const path of ['/', '/invoicesx', '/account', '/access-history/invoices'])
		expect(zoneAreaOf(path), path).toBe(null);
});
