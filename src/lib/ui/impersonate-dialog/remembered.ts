// Reason and ticket of this client for the day, in this browser: the next start is two keystrokes.
import { REASONS, type Reason } from '#domain/modes-and-reasons.ts';

export type Remembered = { reason: Reason | ''; ticket: string };
type Store = Pick<Storage, 'getItem' | 'setItem'>;

const NOTHING: Remembered = { reason: '', ticket: '' };
const keyOf = (clientId: string): string => `impersonate:${clientId}`;
/** The reader's own day. */
const dayOf = (now: Date): string => `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;

/** What was chosen today; a value of another day, or one that is no longer ours, is forgotten. */
export function recall(store: Store, clientId: string, now: Date): Remembered {
	try {
		const held = JSON.parse(store.getItem(keyOf(clientId)) ?? 'null') as unknown;
		if (typeof held !== 'object' || held === null) return NOTHING;
		const { day, reason, ticket } = held as Record<string, unknown>;
		if (day !== dayOf(now) || typeof reason !== 'string' || !Object.hasOwn(REASONS, reason)) return NOTHING;
		return { reason: reason as Reason, ticket: typeof ticket === 'string' ? ticket.slice(0, 60) : '' };
	} catch {
		// No storage (private window) or a damaged value: the dialog works without it.
		return NOTHING;
	}
}

/** Keeps what was just chosen. */
export function remember(store: Store, clientId: string, chosen: Remembered, now: Date): void {
	try {
		store.setItem(keyOf(clientId), JSON.stringify({ day: dayOf(now), ...chosen }));
	} catch {
		// Storage is full or forbidden: nothing but a convenience is lost.
	}
}
