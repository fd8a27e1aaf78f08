import { expect, it } from 'vitest';
import { momentHref, searchAddress, searchChips } from './search-address.ts';

const CHOICES = { clients: [{ id: 'c', name: 'Bluebird Bakery' }], staff: [] };

it('keeps words and filters in the address, and says whose days they are only where there are days', () => {
	expect(searchAddress({ q: 'Invoice 1042', page: 1, zone: 'Europe/Berlin' })).toBe(
		'/recordings/search?q=Invoice+1042'
	);
	expect(searchAddress({ q: 'a&b', page: 2, from: '2026-11-23', zone: 'Asia/Tokyo' })).toBe(
		'/recordings/search?q=a%26b&page=2&from=2026-11-23&zone=Asia%2FTokyo'
	);
});

it('names every filter but the words, and links to the same search without it', () => {
	expect(searchChips({ q: 'flour', page: 3, client: 'c', recording: 'r' }, CHOICES)).toEqual([
		{ name: 'Client', value: 'Bluebird Bakery', removeHref: '/recordings/search?q=flour&recording=r' },
		{ name: 'Recording', value: 'one alone', removeHref: '/recordings/search?q=flour&client=c' }
	]);
});

it('leads to the moment in the replay', () => {
	expect(momentHref('r', 42_000)).toBe('/recordings/r?t=42000');
});
