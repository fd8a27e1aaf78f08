import type { LiveSession } from '#protocol/session.ts';
import { byAttention, sessionState, STATE_TEXTS, type SessionState } from '#live/session-state.ts';

/** Orders of the live list, as in its address. */
export const SORTS = [
	{ value: 'newest', label: 'Newest first' },
	{ value: 'attention', label: 'Needs attention first' },
	{ value: 'ending', label: 'Ending soonest' },
	{ value: 'client', label: 'Client A to Z' },
	{ value: 'staff', label: 'Staff member A to Z' }
] as const;

/** What the list may be cut to, as in its address. */
export const STATES = [
	{ value: '', label: 'Any state' },
	{ value: 'hand', label: 'Asks for help' },
	...(Object.keys(STATE_TEXTS) as SessionState[]).map((value) => ({ value, label: STATE_TEXTS[value] }))
];

const orders: Record<string, (a: LiveSession, b: LiveSession, now: number) => number> = {
	attention: byAttention,
	newest: (a, b) => b.startedAt - a.startedAt,
	ending: (a, b) => a.expiresAt - b.expiresAt,
	client: (a, b) => a.client.name.localeCompare(b.client.name),
	staff: (a, b) => a.staff.name.localeCompare(b.staff.name)
};

type Choice = { q: string; mode: string; state: string; sort: string };

/** Sessions that hold every word of `q` in a name, the reason or the ticket, in the wanted mode, state (hub time `now`) and order. */
export function filterSessions(
	sessions: readonly LiveSession[],
	{ q, mode, state, sort }: Choice,
	now: number
): LiveSession[] {
	const words = q.toLowerCase().split(/\s+/).filter(Boolean);
	const order = (Object.hasOwn(orders, sort) ? orders[sort] : undefined) ?? orders['newest'];
	return sessions
		.filter((session) => {
			const { client, contact, staff, reason, ticket } = session;
			const text = [client.name, contact.name, staff.name, reason, ticket ?? ''].join(' ').toLowerCase();
			const isIn = state === '' || (state === 'hand' ? session.hand : sessionState(session, now) === state);
			return isIn && words.every((word) => text.includes(word)) && (mode === '' || session.mode === mode);
		})
		.toSorted((a, b) => order?.(a, b, now) ?? 0);
}
