import { describe, expect, it } from 'vitest';
import { areaAt, hiddenAreas, hiddenWithin, lensWords } from './lens.ts';
import { AREAS, type AreaKey } from './portal-elements.ts';
import { decide, type PortalSetup, type PortalView } from './visibility.ts';

const view = (
	agency: PortalSetup = {},
	client: PortalSetup = {},
	rights: string[] | 'all' = 'all'
): PortalView => ({
	agency,
	client,
	contact: { isOwner: rights === 'all', rights: rights === 'all' ? [] : rights }
});
const names = { client: 'Cedar Clinic', contact: 'Ben' };
const told = (area: AreaKey, of: PortalView) =>
	hiddenWithin(area, of).map((one) => `${one.label}: ${lensWords(one, names)}`);

describe('what is not there', () => {
	it('is nothing for an owner where nothing is set', () => {
		for (const area of Object.keys(AREAS) as AreaKey[]) expect(hiddenWithin(area, view())).toEqual([]);
		expect(hiddenAreas(view(), null)).toEqual([]);
	});

	it('names the layer that decided, in words', () => {
		expect(told('tasks', view({ 'tasks.create': { hidden: true } }))).toEqual([
			'Create and edit tasks: Hidden for every client, by agency default.'
		]);
		expect(told('tasks', view({}, { 'tasks.comments': { hidden: true } }))).toEqual([
			'Comments: Hidden for Cedar Clinic, by its own set-up.'
		]);
		expect(told('invoices', view({}, {}, ['tasks']))).toEqual([
			'Invoices: Ben’s rights do not include billing.'
		]);
		expect(told('tasks', view({}, { 'tasks.due_date': { readonly: true } }))).toEqual([
			'Due date: Can be seen but not changed for Cedar Clinic, by its own set-up.'
		]);
	});

	it('of a hidden area is the area alone, by the name this client’s portal gives it', () => {
		const renamed = view(
			{},
			{ tasks: { label: 'Requests', hidden: true }, 'tasks.create': { hidden: true } }
		);
		expect(told('tasks', renamed)).toEqual(['Requests: Hidden for Cedar Clinic, by its own set-up.']);
		expect(hiddenAreas(renamed, 'tasks')).toEqual([]);
		expect(hiddenAreas(renamed, 'home').map((one) => one.key)).toEqual(['tasks']);
	});

	it('is no two-person zone: what is closed to whoever is inside, the contact sees', () => {
		const inside = { ...view({ orders: { hidden: true } }), locked: ['invoices', 'orders', 'task.created'] };
		expect(told('invoices', inside)).toEqual([]);
		expect(hiddenAreas(inside, 'home').map((one) => one.key)).toEqual(['orders']);
	});

	it('is exactly what decide refuses, for every element at every layer', () => {
		for (const area of Object.keys(AREAS) as AreaKey[])
			for (const of of [
				view({ [area]: { hidden: true } }),
				view({}, { [area]: { hidden: true } }),
				view({}, {}, [])
			])
				expect(hiddenWithin(area, of).some((one) => one.key === area)).toBe(!decide(area, of, 'see').allowed);
	});
});

it.each([
	['/', 'home'],
	['/?x=1', 'home'],
	['/tasks/1?q=a', 'tasks'],
	['/access-history', 'access-history'],
	['/home', null],
	['/constructor', null],
	['/nothing', null]
])('%s lies in %s', (path, area) => expect(areaAt(path)).toBe(area));
