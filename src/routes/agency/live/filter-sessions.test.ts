import { expect, it } from 'vitest';
import type { LiveSession } from '#protocol/session.ts';
import { filterSessions } from './filter-sessions.ts';

const session = (client: string, staff: string, over: Partial<LiveSession> = {}) =>
	({
		client: { id: '', name: client },
		contact: { id: '', name: 'Bea' },
		staff: { id: '', name: staff },
		reason: 'Support',
		ticket: null,
		mode: 'view',
		startedAt: 0,
		expiresAt: 0,
		recording: 'live',
		frozen: null,
		activePageId: null,
		pages: [],
		...over
	}) as LiveSession;
const all = [
	session('Cedar Clinic', 'Maya', { startedAt: 1, expiresAt: 9 }),
	session('Bluebird Bakery', 'Adam', { startedAt: 2, expiresAt: 5, mode: 'act', ticket: '812' })
];
const names = (choice: Partial<Parameters<typeof filterSessions>[1]>) =>
	filterSessions(all, { q: '', mode: '', state: '', sort: '', ...choice }, 0).map(
		({ client }) => client.name
	);

it('finds by every word, in any of the names, the reason or the ticket', () => {
	expect(names({ q: 'blue ADAM' })).toEqual(['Bluebird Bakery']);
	expect(names({ q: '812' })).toEqual(['Bluebird Bakery']);
	expect(names({ q: 'blue maya' })).toEqual([]);
});

it('keeps one mode', () => {
	expect(names({ mode: 'view' })).toEqual(['Cedar Clinic']);
});

it.each([
	['newest', 'Bluebird Bakery'],
	['ending', 'Bluebird Bakery'],
	['client', 'Bluebird Bakery'],
	['staff', 'Bluebird Bakery'],
	['constructor', 'Bluebird Bakery']
])('sorts by %s', (sort, first) => {
	expect(names({ sort })[0]).toBe(first);
});

it('keeps one state, and those who ask for help', () => {
	const asking = session('Echo Events', 'Olga', { hand: { note: '', at: 1 } });
	const find = (state: string) =>
		filterSessions([...all, asking], { q: '', mode: '', state, sort: '' }, 0).map(
			({ client }) => client.name
		);
	expect(find('hand')).toEqual(['Echo Events']);
	expect(find('offline')).toHaveLength(3);
	expect(find('active')).toEqual([]);
});

it('sorts without changing the given list', () => {
	filterSessions(all, { q: '', mode: '', state: '', sort: 'newest' }, 0);
	expect(all[0]?.client.name).toBe('Cedar Clinic');
});
