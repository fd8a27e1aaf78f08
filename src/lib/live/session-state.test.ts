import { expect, it } from 'vitest';
import type { LiveSession } from '#protocol/session.ts';
import { byAttention, sessionState } from './session-state.ts';

const page = {
	pageId: 'p',
	address: '/',
	title: '',
	visible: true,
	openedAt: 0,
	lastActiveAt: 100_000,
	connected: true
};
const session = (over: Partial<LiveSession> = {}, ofPage: Partial<typeof page> = {}) =>
	({
		recording: 'live',
		frozen: null,
		activePageId: 'p',
		startedAt: 0,
		pages: [{ ...page, ...ofPage }],
		...over
	}) as LiveSession;
const frozen = { by: 'Sofia', note: 'Wait', at: 0 };

it.each([
	['active', session(), 105_000],
	['idle', session(), 130_000],
	['hidden', session({}, { visible: false }), 105_000],
	['offline', session({ recording: 'silent' }, { connected: false }), 105_000],
	['silent', session({ recording: 'silent' }), 105_000],
	['starting', session({ recording: 'waiting', pages: [], activePageId: null }), 105_000],
	['frozen', session({ frozen, recording: 'silent' }), 105_000]
])('is %s', (state, one, now) => {
	expect(sessionState(one, now)).toBe(state);
});

it('puts first who asked for help, then risk, then what is wrong', () => {
	const asked = session({ impersonationId: 'asked', hand: { note: '', at: 1 } });
	const risky = session({ impersonationId: 'risky', risks: [{ key: 'money', count: 1 }] });
	const silent = session({ impersonationId: 'silent', recording: 'silent' });
	const calm = session({ impersonationId: 'calm' });
	const order = [calm, silent, risky, asked].toSorted((a, b) => byAttention(a, b, 105_000));
	expect(order.map(({ impersonationId }) => impersonationId)).toEqual(['asked', 'risky', 'silent', 'calm']);
});
