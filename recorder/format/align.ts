// The one place where a page's clock becomes hub time [D2]. Attack: a page that sets its clock forward could place its
// events after a freeze, or before another's; so time never runs back on a page and never passes the moment of receipt.

/** What the hub noted beside a batch (`BatchHeader` of the wire). */
export type Received = { offsetMs: number; receivedAt: number };

/** Aligns the events of one page, batch after batch, in their order. */
export class PageClock {
	private last: number;

	/** `reached`: where an earlier stretch of the same page had left it. */
	constructor(reached = Number.NEGATIVE_INFINITY) {
		this.last = reached;
	}

	/** Hub time of the latest event so far; -Infinity before the first. */
	get reached(): number {
		return this.last;
	}

	/** Hub time of an event: timestamp + offset, not later than receipt, not earlier than the event before it. */
	align(timestamp: number, { offsetMs, receivedAt }: Received): number {
		const claimed = timestamp + offsetMs;
		const possible = Number.isFinite(claimed) ? Math.min(claimed, receivedAt) : receivedAt;
		this.last = Math.max(this.last, possible);
		return this.last;
	}
}
