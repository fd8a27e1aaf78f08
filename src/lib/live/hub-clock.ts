// Hub time as this page measures it: what is late must not depend on how the reader's own clock is set.

/** Samples this old make room for new ones, since clocks drift. */
const SAMPLE_LIFE_MS = 5 * 60_000;

type Sample = { offsetMs: number; tripMs: number; at: number };

export class HubClock {
	private readonly localNow: () => number;
	private best: Sample | null = null;

	constructor(localNow: () => number = () => performance.timeOrigin + performance.now()) {
		this.localNow = localNow;
	}

	/** Local time, to be noted before a question. */
	start(): number {
		return this.localNow();
	}

	/** Takes an answer that carried the hub's time. The shortest round trip tells best, as in NTP. */
	answered(startedAt: number, hubNow: number): void {
		const at = this.localNow();
		const tripMs = at - startedAt;
		const isStale = this.best !== null && at - this.best.at > SAMPLE_LIFE_MS;
		if (this.best && !isStale && tripMs > this.best.tripMs) return;
		this.best = { offsetMs: hubNow - (startedAt + tripMs / 2), tripMs, at };
	}

	/** Hub time, ms since the epoch; null before the first answer. */
	now(): number | null {
		return this.best ? this.localNow() + this.best.offsetMs : null;
	}
}
