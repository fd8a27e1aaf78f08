import { expect, it } from 'vitest';
import { chipText } from './visit-words.ts';

const visit = { ticket: '812', reason: 'Support' };

it.each([
	[[visit], 'Northwind Studio is viewing your portal: Ticket 812'],
	[[{ ...visit, ticket: null }], 'Northwind Studio is viewing your portal: Support'],
	[[visit, visit], 'Northwind Studio is viewing your portal: 2 people'],
	[[], '']
])('tells who views, and why: %j', (visits, text) => {
	expect(chipText('Northwind Studio', visits)).toBe(text);
});
