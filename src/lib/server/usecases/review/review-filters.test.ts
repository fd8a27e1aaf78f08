import { describe, expect, it } from 'vitest';
import { reviewFilters, sortOf } from './review-filters.ts';

describe('the order of the review queue', () => {
	it.each([
		[{}, '-risk'],
		[{ show: 'mine', sort: '-due' }, '-due'],
		[{ show: 'done' }, '-done'],
		[{ show: 'done', sort: 'risk' }, 'risk'],
		[{ sort: 'nothing' }, '-risk']
	])('of %o is %s', (address, sort) => {
		expect(sortOf(reviewFilters.parse(address))).toBe(sort);
	});

	it('is the usual one where what it names is not there yet, or no more', () => {
		expect(sortOf(reviewFilters.parse({ sort: 'done' }))).toBe('-risk');
		expect(sortOf(reviewFilters.parse({ show: 'mine', sort: '-done' }))).toBe('-risk');
		expect(sortOf(reviewFilters.parse({ show: 'done', sort: 'due' }))).toBe('-done');
	});
});
