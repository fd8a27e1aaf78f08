import { expect, it } from 'vitest';
import { contactSortOf, contactsPage } from './sort-contacts.ts';

const person = (name: string, lastSignInAt: number | null) =>
	({ id: name, name, email: `${name.toLowerCase()}@x.test`, lastSignInAt }) as never;
const ALL = [person('Mia', 20), person('Bo', null), person('Zoe', 30)];
const names = (sort: string | null, page = 1, pageSize = 25) =>
	contactsPage(ALL, { sort: contactSortOf(sort), page, pageSize }).rows.map(({ name }) => name);

it('keeps the usual order, also for an order that is none', () => {
	expect(names(null)).toEqual(['Mia', 'Bo', 'Zoe']);
	expect(names('constructor')).toEqual(['Mia', 'Bo', 'Zoe']);
});

it('sorts both ways, and takes who never signed in for the longest away', () => {
	expect(names('name')).toEqual(['Bo', 'Mia', 'Zoe']);
	expect(names('-email')).toEqual(['Zoe', 'Mia', 'Bo']);
	expect(names('-signed-in')).toEqual(['Zoe', 'Mia', 'Bo']);
	expect(names('signed-in')).toEqual(['Bo', 'Mia', 'Zoe']);
});

it('shows a page, and counts all', () => {
	expect(names('name', 2, 2)).toEqual(['Zoe']);
	expect(contactsPage(ALL, { sort: 'usual', page: 9, pageSize: 2 })).toEqual({ rows: [], total: 3 });
});
