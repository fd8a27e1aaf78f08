import { expect, it } from 'vitest';
import { addressOf, chipsOf } from './alert-address.ts';

it('leaves out what is as usual', () => {
	expect(addressOf({ show: 'open', page: 1 })).toBe('/alerts');
	expect(addressOf({ show: 'settled', page: 2, rule: 'silent' })).toBe(
		'/alerts?show=settled&page=2&rule=silent'
	);
});

it('has a chip for each filter that is set, and takes each off alone', () => {
	expect(chipsOf({ show: 'all', page: 3, rule: 'long', staff: 's' }, [{ id: 's', name: 'Maya' }])).toEqual([
		{ name: 'Rule', value: 'Unusually long', removeHref: '/alerts?show=all&staff=s' },
		{ name: 'Staff member', value: 'Maya', removeHref: '/alerts?show=all&rule=long' }
	]);
});
