// A token bucket. Time is an argument; one bucket for each connection and kind of event.

export class RateBucket {
	private tokens: number;
	private at = Number.NEGATIVE_INFINITY;
	private readonly burst: number;
	private readonly perSecond: number;

	constructor(burst: number, perSecond: number) {
		this.burst = burst;
		this.perSecond = perSecond;
		this.tokens = burst;
	}

	/** Takes `cost` tokens, or takes none and returns false. */
	take(now: number, cost = 1): boolean {
		if (now > this.at) {
			const refill = Number.isFinite(this.at) ? ((now - this.at) / 1000) * this.perSecond : 0;
			this.tokens = Math.min(this.burst, this.tokens + refill);
			this.at = now;
		}
		if (this.tokens < cost) return false;
		this.tokens -= cost;
		return true;
	}

	/** True once it has refilled, so that its owner may be forgotten. */
	isFull(now: number): boolean {
		return this.tokens + ((now - this.at) / 1000) * this.perSecond >= this.burst;
	}
}
