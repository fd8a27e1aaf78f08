// Which offset places a batch on hub time when the page's wall clock was set, or its machine slept, between the batch and
// the hub's question [R16, R18]. Belongs to the page, since settings outlive connections. Reading clocks: clock-offset.ts.
import type { PageClockReading } from '#protocol/record.ts';

/** What a connection's answers say now: add to the one or the other clock of the page to get hub time. */
export type ClockReadings = { wallMs: number; monoMs: number | null };

/** A batch that waits for its place. */
export type Unplaced = { clock: PageClockReading | undefined; receivedAt: number; reached: number };

/** Settings remembered of one page: nobody sets a clock more often and still wants to know when something was. */
const REMEMBERED = 8;

/** Rounding and slow correction of clocks stay below; a set clock is off by seconds or hours. */
const SET_BY_MS = 100;

/** Readings are off by half a round trip; a time is called impossible only beyond that. */
const DOUBT_MS = 1_000;

const gapOf = ({ wall, mono }: PageClockReading): number => wall - mono;

export class PageOffsets {
	/** The wall clock's offset while it stood so far from the other clock. */
	private settings: { gap: number; wallMs: number }[] = [];

	/** The page answered, and this is what its wall clock is off by its present setting. */
	note(clock: PageClockReading, wallMs: number): void {
		const gap = gapOf(clock);
		this.settings = [...this.settings.filter((known) => !isSame(known.gap, gap)), { gap, wallMs }].slice(
			-REMEMBERED
		);
	}

	/** Add to the batch's timestamps to get hub time. */
	of({ clock, receivedAt, reached }: Unplaced, { wallMs, monoMs }: ClockReadings): number {
		if (!clock) return wallMs;
		const gap = gapOf(clock);
		const known = this.settings.find((setting) => isSame(setting.gap, gap));
		if (known) return known.wallMs;
		if (monoMs === null) return wallMs;
		// Nobody saw this setting. If the machine slept, the wall clock still says the truth; if it was set, what it says
		// lies after the receipt or before what was there already.
		const at = clock.wall + wallMs;
		const isPossible = at <= receivedAt + DOUBT_MS && at >= reached - DOUBT_MS;
		return isPossible ? wallMs : monoMs - gap;
	}
}

const isSame = (a: number, b: number): boolean => Math.abs(a - b) <= SET_BY_MS;
