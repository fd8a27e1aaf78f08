import { describe, expect, it } from 'vitest';
import { addressOf, chipsOf } from './review-address.ts';

const choices = { clients: [{ id: 'c', name: 'Bluebird Bakery' }], staff: [{ id: 's', name: 'Maya' }] };

describe('the address of the review queue', () => {
	it('leaves out what is as usual', () => {
		expect(addressOf({ show: 'open', page: 1 })).toBe('/reviews');
		expect(addressOf({ show: 'mine', page: 2, why: 'money' })).toBe('/reviews?show=mine&page=2&why=money');
	});

	it('has a chip for each filter that counts, and takes each off alone', () => {
		const chips = chipsOf({ show: 'open', page: 3, client: 'c', why: 'money', verdict: 'fine' }, choices);
		expect(chips).toEqual([
			{ name: 'Client', value: 'Bluebird Bakery', removeHref: '/reviews?why=money&verdict=fine' },
			{ name: 'Why', value: 'Money', removeHref: '/reviews?client=c&verdict=fine' }
		]);
		expect(chipsOf({ show: 'done', page: 1, verdict: 'breach', late: '1' }, choices)).toEqual([
			{ name: 'Verdict', value: 'Breach', removeHref: '/reviews?show=done&late=1' }
		]);
	});
});
