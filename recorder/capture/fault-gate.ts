// Lets faults of the page through as long as they tell something: the same one once in a while with its number, and of a page
// that fails without end only so many. Time is given.
import type { PageFault } from '../format/page-fault.ts';

/** The same again within this is counted and told later. */
const SAME_MS = 10_000;
/** At once, as when a page breaks; then one in so many ms. */
const BURST = 20;
const ONE_EVERY_MS = 2_000;
/** Of one document: whoever reads more of them looks into the browser's own tools. */
const MAX_TOLD = 300;
/** Different ones that are remembered to be the same. */
const MAX_KNOWN = 100;

export type Fault = Omit<PageFault, 'times'>;
type Known = { fault: Fault; toldAt: number; waiting: number };

export class FaultGate {
	private readonly emit: (fault: PageFault) => void;
	private readonly known = new Map<string, Known>();
	private tokens = BURST;
	private filledAt = Number.NEGATIVE_INFINITY;
	private told = 0;

	constructor(emit: (fault: PageFault) => void) {
		this.emit = emit;
	}

	note(fault: Fault, now: number): void {
		const key = JSON.stringify([fault.kind, fault.text, fault.where, fault.method, fault.status]);
		const known = this.known.get(key) ?? { fault, toldAt: Number.NEGATIVE_INFINITY, waiting: 0 };
		known.waiting++;
		// Last seen, last in the map: what is forgotten is what was not seen for longest.
		this.known.delete(key);
		this.known.set(key, known);
		const [oldest] = this.known.keys();
		if (this.known.size > MAX_KNOWN && oldest !== undefined) this.known.delete(oldest);
		if (now - known.toldAt >= SAME_MS) this.tell(known, now);
	}

	/** Tells what was seen again since it was told; to be called once in a while. */
	flush(now: number): void {
		for (const known of this.known.values())
			if (known.waiting > 0 && now - known.toldAt >= SAME_MS) this.tell(known, now);
	}

	private tell(known: Known, now: number): void {
		if (this.told >= MAX_TOLD || !this.takes(now)) return;
		this.told++;
		this.emit({ ...known.fault, times: known.waiting });
		known.toldAt = now;
		known.waiting = 0;
	}

	private takes(now: number): boolean {
		const passed = Number.isFinite(this.filledAt) ? now - this.filledAt : 0;
		this.tokens = Math.min(BURST, this.tokens + Math.max(0, passed) / ONE_EVERY_MS);
		this.filledAt = now;
		if (this.tokens < 1) return false;
		this.tokens--;
		return true;
	}
}
