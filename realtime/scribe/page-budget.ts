// What one page's batches may cost in CPU, beside what they may weigh: a few kilobytes of the right style sheet cost as much as a megabyte of
// anything else. Over the first limit they are written in the other process, over the second they are refused until it has refilled.

/** An honest page of the workload takes 0.5 % of a core; its first picture, of ten thousand nodes, a tenth of a second. */
const LOOP = { burstMs: 2_000, msPerSecond: 60 };
/** Wherever it is written. A page that stays over it is as one that sends nothing: its lease lapses, and with it what it may do. */
const ALL = { burstMs: 15_000, msPerSecond: 250 };

/** Filled by time, emptied by what was spent, which is known only afterwards: so it may be below nothing for a while. */
class Allowance {
	private left: number;
	private at: number;
	private readonly limit: typeof ALL;

	constructor(limit: typeof ALL, now: number) {
		this.limit = limit;
		this.left = limit.burstMs;
		this.at = now;
	}

	spend(now: number, ms: number): void {
		this.refill(now);
		this.left -= ms;
	}

	isUsedUp(now: number): boolean {
		this.refill(now);
		return this.left <= 0;
	}

	private refill(now: number): void {
		const { burstMs, msPerSecond } = this.limit;
		this.left = Math.min(burstMs, this.left + (Math.max(0, now - this.at) / 1_000) * msPerSecond);
		this.at = Math.max(this.at, now);
	}
}

export class PageBudget {
	private readonly loop: Allowance;
	private readonly all: Allowance;
	private readonly now: () => number;

	constructor(now: () => number) {
		this.now = now;
		this.loop = new Allowance(LOOP, now());
		this.all = new Allowance(ALL, now());
	}

	/** Its batches are written where they hold up nobody. */
	get isOverInLoop(): boolean {
		return this.loop.isUsedUp(this.now());
	}

	/** Nothing of it is taken until time has passed. */
	get isOver(): boolean {
		return this.all.isUsedUp(this.now());
	}

	spendInLoop(ms: number): void {
		this.loop.spend(this.now(), ms);
		this.all.spend(this.now(), ms);
	}

	spendElsewhere(ms: number): void {
		this.all.spend(this.now(), ms);
	}
}
