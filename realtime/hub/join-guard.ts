// Counts the handshakes tried on one connection. Attack: one socket asking to join again and again with guessed tickets, each
// try a query.
import type { Socket } from 'engine.io';
import { MAX_JOIN_ATTEMPTS } from './hub-limits.ts';

/** Only what tells connections apart; socket.io and engine.io disagree about the rest of the type. */
type Connection = Pick<Socket, 'close'>;

const attempts = new WeakMap<object, number>();

/** True while this connection may still try; past the limit it is closed. */
export function joinGuard(connection: Connection): boolean {
	const tried = (attempts.get(connection) ?? 0) + 1;
	attempts.set(connection, tried);
	if (tried <= MAX_JOIN_ATTEMPTS) return true;
	connection.close();
	return false;
}
