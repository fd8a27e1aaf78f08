// Counts the connections that hand over what earlier documents left. They are no open pages, so their limit knows nothing of them. Attack:
// one ticket, and as many of them as the address may have connections, each with a largest batch under way.
import { MAX_HANDOVERS } from './hub-limits.ts';

type Connection = { readonly readyState: string; once(event: 'close', listener: () => void): unknown };

export class Handovers {
	/** By impersonation. */
	private readonly open = new Map<string, number>();

	/** Counts it until it is closed; false where there are enough already, or it is closed by now. */
	admit(impersonationId: string, connection: Connection): boolean {
		// Attack: broken off while it is asked who it is. Its one 'close' came before anybody listened, so its place would never be free again.
		if (connection.readyState !== 'open') return false;
		const open = this.open.get(impersonationId) ?? 0;
		if (open >= MAX_HANDOVERS) return false;
		this.open.set(impersonationId, open + 1);
		connection.once('close', () => {
			const left = (this.open.get(impersonationId) ?? 1) - 1;
			if (left > 0) this.open.set(impersonationId, left);
			else this.open.delete(impersonationId);
		});
		return true;
	}

	/** Impersonations with such a connection. */
	get size(): number {
		return this.open.size;
	}
}
