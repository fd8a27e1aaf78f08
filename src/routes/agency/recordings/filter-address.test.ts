import { expect, it } from 'vitest';
import { addressOf, chipsOf } from './filter-address.ts';

it('leaves out of the address what is not set', () => {
	expect(addressOf({ page: 1, sort: '-when' })).toBe('/recordings');
	expect(addressOf({ page: 2, mode: 'act', refused: '1', sort: 'length' })).toBe(
		'/recordings?page=2&mode=act&refused=1&sort=length'
	);
});

it('says whose days they are only where there are days', () => {
	const zone = 'Europe/Berlin';
	expect(addressOf({ page: 1, sort: '-when', zone })).toBe('/recordings');
	expect(addressOf({ page: 1, sort: '-when', from: '2026-11-23', zone })).toBe(
		'/recordings?from=2026-11-23&zone=Europe%2FBerlin'
	);
});

it('names every set filter and links to the list without it, from its first page', () => {
	const chips = chipsOf(
		{ page: 3, client: 'c', mode: 'view', sort: '-when' },
		{ clients: [{ id: 'c', name: 'Bluebird Bakery' }], staff: [] }
	);
	expect(chips).toEqual([
		{ name: 'Client', value: 'Bluebird Bakery', removeHref: '/recordings?mode=view' },
		{ name: 'Mode', value: 'View only', removeHref: '/recordings?client=c' }
	]);
});

it('says each choice as the form does', () => {
	const chips = chipsOf(
		{
			page: 1,
			sort: '-risk',
			review: 'breach',
			risk: 'high',
			did: 'order.placed',
			area: 'invoices',
			length: '15',
			held: '1'
		},
		{ clients: [], staff: [] }
	);
	expect(chips.map(({ name, value }) => `${name}: ${value}`)).toEqual([
		'Review: Verdict: Breach',
		'Done: Placed order',
		'Opened: Invoices',
		'Risk: High risk',
		'Length: 15 min or longer',
		'Hold: on hold'
	]);
	expect(chips[0]?.removeHref).not.toContain('review');
});

it('shows a filter by someone who is not in the list, so that it can be removed', () => {
	expect(chipsOf({ page: 1, staff: 'gone', sort: '-when' }, { clients: [], staff: [] })[0]?.value).toBe(
		'unknown'
	);
});
