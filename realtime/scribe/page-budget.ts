// What the batches of one page, and of all pages of an impersonation, may cost in CPU, beside what they may weigh: a few kilobytes of the right style sheet cost as much as a megabyte of
// anything else. Over the first limit they are written in the other process, over the second they are refused until it has refilled.

type Limit = { burstMs: number; msPerSecond: number };
type Limits = {
	/** What is written in the hub's loop. */
	loop: Limit;
	/** Wherever it is written. A page that stays over it is as one that sends nothing: its lease lapses, and with it what it may do. */
	all: Limit;
};

/** An honest page of the workload takes 0.5 % of a core; its first picture, of ten thousand nodes, a tenth of a second. */
const PAGE: Limits = {
	loop: { burstMs: 2_000, msPerSecond: 60 },
	all: { burstMs: 15_000, msPerSecond: 250 }
};
/** Of all pages of one impersonation: beside one page that is over its own there is room for honest ones. */
const SESSION: Limits = {
	loop: { burstMs: 4_000, msPerSecond: 100 },
	all: { burstMs: 30_000, msPerSecond: 300 }
};

/** Filled by time, emptied by what was spent, which is known only afterwards: so it may be below nothing for a while. */
class Allowance {
	private left: number;
	private at: number;
	private readonly limit: Limit;

	constructor(limit: Limit, now: number) {
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

class CpuBudget {
	private readonly loop: Allowance;
	private readonly all: Allowance;
	private readonly now: () => number;
	private readonly within: CpuBudget | null;

	constructor(now: () => number, limits: Limits, within: CpuBudget | null) {
		this.now = now;
		this.loop = new Allowance(limits.loop, now());
		this.all = new Allowance(limits.all, now());
		this.within = within;
	}

	/** Its batches are written where they hold up nobody. */
	get isOverInLoop(): boolean {
		return this.loop.isUsedUp(this.now()) || this.within?.isOverInLoop === true;
	}

	/** Nothing of it is taken until time has passed. */
	get isOver(): boolean {
		return this.all.isUsedUp(this.now()) || this.within?.isOver === true;
	}

	spendInLoop(ms: number): void {
		this.loop.spend(this.now(), ms);
		this.all.spend(this.now(), ms);
		this.within?.spendInLoop(ms);
	}

	spendElsewhere(ms: number): void {
		this.all.spend(this.now(), ms);
		this.within?.spendElsewhere(ms);
	}
}

/** Attack: a tab that reloads every two seconds is a new page each time, and would have a page's burst each time. */
export class SessionBudget extends CpuBudget {
	constructor(now: () => number) {
		super(now, SESSION, null);
	}
}

/** A share of what its impersonation has. */
export class PageBudget extends CpuBudget {
	constructor(now: () => number, session: SessionBudget) {
		super(now, PAGE, session);
	}
}
