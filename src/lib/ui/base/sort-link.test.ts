import { describe, expect, it } from 'vitest';
import { sortLink } from './sort-link.ts';

const href = (sort: string) => `?sort=${sort}`;

describe('a column head', () => {
	it('sorts upwards first, and the other way round when it is pressed again', () => {
		expect(sortLink('-when', 'name', href)).toEqual({ href: '?sort=name' });
		expect(sortLink('name', 'name', href)).toEqual({ href: '?sort=-name', direction: 'asc' });
		expect(sortLink('-name', 'name', href)).toEqual({ href: '?sort=name', direction: 'desc' });
	});
	it('begins with the newest where its column is read that way', () => {
		expect(sortLink('name', 'when', href, 'desc')).toEqual({ href: '?sort=-when' });
		expect(sortLink('-when', 'when', href, 'desc')).toEqual({ href: '?sort=when', direction: 'desc' });
	});
});
