import { describe, expect, it } from 'vitest';
import { agencyMenu, AGENCY_AREAS, arrangedAgencyMenu } from './agency-areas.ts';
import type { ArrangedEntry } from './menu.ts';
import { settingsOf } from './menu.ts';
import { BUILT_IN_ROLES, type Permission } from './permissions.ts';
import { changesBetween, menuBelow, takenBack, withChoices, withMenu } from './portal-setup.ts';
import { AREAS } from './portal-elements.ts';
import { portalMenu } from './visibility.ts';

const owner = { isOwner: true, rights: [] };
const asIs = (below = menuBelow(null)): ArrangedEntry[] =>
	Object.entries(below).map(([key, { label, icon }]) => ({ key, label, icon, hidden: false }));
const labels = (agency: object, client: object = {}) =>
	portalMenu({ agency, client, contact: owner }).map((entry) => entry.label);

describe('choices of a layer', () => {
	it('hide, show again and are forgotten', () => {
		const hidden = withChoices({}, { tasks: { hidden: true } });
		expect(hidden).toEqual({ tasks: { hidden: true } });
		expect(withChoices(hidden, { tasks: { hidden: false } })).toEqual({ tasks: { hidden: false } });
		expect(withChoices(hidden, { tasks: {} })).toEqual({});
	});

	it('leave names, icons and order as they were', () => {
		const before = { tasks: { label: 'Requests', order: 3, hidden: true } };
		expect(withChoices(before, { tasks: {} })).toEqual({ tasks: { label: 'Requests', order: 3 } });
	});

	it('never hide what the catalogue keeps in sight, nor make read-only what nobody edits', () => {
		expect(withChoices({}, { account: { hidden: true }, 'access-history': { hidden: true } })).toEqual({});
		expect(withChoices({}, { 'services.prices': { readonly: true } })).toEqual({});
		expect(withChoices({}, { 'tasks.due_date': { readonly: true } })).toEqual({
			'tasks.due_date': { readonly: true }
		});
	});

	it('drop keys that are no elements, inherited ones of objects too', () => {
		const forged = JSON.parse(
			'{"__proto__":{"hidden":true},"constructor":{"hidden":true},"nope":{"hidden":true}}'
		);
		expect(withChoices(forged, forged)).toEqual({});
	});
});

describe('a menu that was arranged', () => {
	it('leaves nothing behind when it looks like the default', () => {
		expect(withMenu({}, asIs(), null, true)).toEqual({});
	});

	it('keeps a name and the order, for the agency and over it for a client', () => {
		const entries = asIs();
		const moved = [entries[3]!, ...entries.filter((_, at) => at !== 3)];
		const agency = withMenu({}, moved, null, true);
		expect(labels(agency)[0]).toBe('Messages');
		const renamed = asIs(menuBelow(agency)).map((entry) =>
			entry.key === 'tasks' ? { ...entry, label: 'Requests' } : entry
		);
		const client = withMenu({}, renamed, agency, false);
		expect(client).toEqual({ tasks: { label: 'Requests' } });
		expect(labels(agency, client).slice(0, 3)).toEqual(['Messages', 'Home', 'Requests']);
	});

	it('hides an area for the agency, and leaves a client’s own override alone', () => {
		const hidden = asIs().map((entry) => ({ ...entry, hidden: entry.key === 'files' }));
		expect(withMenu({}, hidden, null, true)).toEqual({ files: { hidden: true } });
		expect(withMenu({ files: { hidden: false } }, hidden, {}, false)).toEqual({ files: { hidden: false } });
	});

	it('keeps an entry that was not sent, once, and takes one that was sent twice once', () => {
		const entries = asIs().filter((entry) => entry.key !== 'home');
		const setup = withMenu({}, [...entries, entries[0]!], null, true);
		expect(labels(setup)).toHaveLength(Object.keys(AREAS).length);
		expect(labels(setup).at(-1)).toBe('Home');
	});

	it('takes what is no entry, however it is called, for nothing', () => {
		const forged = ['__proto__', 'constructor', 'nope'].map((key) => ({
			key,
			label: 'X',
			icon: 'star',
			hidden: true
		}));
		expect(settingsOf([...asIs(), ...forged], menuBelow(null))).toEqual({});
		expect(({} as Record<string, unknown>)['hidden']).toBeUndefined();
	});
});

it('tells each change from the value before', () => {
	expect(
		changesBetween(
			{ tasks: { label: 'Requests' } },
			{ tasks: { hidden: true }, 'tasks.due_date': { readonly: true } }
		)
	).toEqual([
		{ element: 'tasks', setting: 'label', before: 'Requests', after: null },
		{ element: 'tasks', setting: 'hidden', before: null, after: true },
		{ element: 'tasks.due_date', setting: 'readonly', before: null, after: true }
	]);
});

describe('taking changes back', () => {
	const before = { tasks: { label: 'Requests' }, files: { hidden: true } };
	const changes = changesBetween(before, {});

	it('restores what was before, and nothing else', () => {
		expect(takenBack({}, changes)).toEqual(before);
		expect(takenBack({ orders: { hidden: true } }, changes)).toEqual({ ...before, orders: { hidden: true } });
		expect(takenBack(before, changesBetween({}, before))).toEqual({});
	});

	it('leaves what somebody set otherwise since', () => {
		expect(takenBack({ tasks: { label: 'To do' } }, changes)).toEqual({
			tasks: { label: 'To do' },
			files: { hidden: true }
		});
	});
});

describe('the agency’s menu', () => {
	const all = new Set(BUILT_IN_ROLES['super_admin']!.permissions);
	const assignee = new Set<Permission>(BUILT_IN_ROLES['assignee']!.permissions);
	const keys = (sidebar: object, permissions: ReadonlySet<Permission>) =>
		agencyMenu(sidebar, permissions).map((entry) => entry.key);

	it('shows everything to whoever may open everything', () => {
		expect(keys({}, all)).toEqual(Object.keys(AGENCY_AREAS));
	});

	it('shows only what the permissions open, however it is arranged', () => {
		expect(keys({ live: { hidden: false } }, assignee)).toEqual([
			'dashboard',
			'clients',
			'messages',
			'tasks'
		]);
	});

	it('hides, renames and orders', () => {
		const sidebar = { clients: { label: 'Customers', order: 0 }, dashboard: { hidden: true, order: 1 } };
		expect(agencyMenu(sidebar, assignee).map((entry) => entry.label)).toEqual([
			'Customers',
			'Messages',
			'Tasks'
		]);
	});

	it('gives up its headings once it was ordered anew, and an icon that is none', () => {
		expect(arrangedAgencyMenu({ team: { order: 0 } }).every((entry) => entry.group === null)).toBe(true);
		expect(arrangedAgencyMenu({ team: { icon: 'constructor' } }).find((e) => e.key === 'team')?.icon).toBe(
			'users-round'
		);
	});
});
