import type { LiveSession } from '#protocol/session.ts';

/** Orders of the live list, as in its address. */
export const SORTS = [
	{ value: 'newest', label: 'Newest first' },
	{ value: 'ending', label: 'Ending soonest' },
	{ value: 'client', label: 'Client A to Z' },
	{ value: 'staff', label: 'Staff member A to Z' }
] as const;

const orders: Record<string, (a: LiveSession, b: LiveSession) => number> = {
	newest: (a, b) => b.startedAt - a.startedAt,
	ending: (a, b) => a.expiresAt - b.expiresAt,
	client: (a, b) => a.client.name.localeCompare(b.client.name),
	staff: (a, b) => a.staff.name.localeCompare(b.staff.name)
};

type Choice = { q: string; mode: string; sort: string };

/** Sessions that hold every word of `q` in a name, the reason or the ticket, in the wanted order. */
export function filterSessions(sessions: readonly LiveSession[], { q, mode, sort }: Choice): LiveSession[] {
	const words = q.toLowerCase().split(/\s+/).filter(Boolean);
	const order = (Object.hasOwn(orders, sort) ? orders[sort] : undefined) ?? orders['newest'];
	return sessions
		.filter((session) => {
			const { client, contact, staff, reason, ticket } = session;
			const text = [client.name, contact.name, staff.name, reason, ticket ?? ''].join(' ').toLowerCase();
			return words.every((word) => text.includes(word)) && (mode === '' || session.mode === mode);
		})
		.toSorted(order);
}
