// The page's two clocks. Events are stamped by the wall clock, which people and machines set; the other only runs, but
// may stand while the machine sleeps. The hub tells which to believe, so both travel with every batch [R16].
import type { PageClockReading } from '#protocol/record.ts';

/** Rounding of both clocks and a slewed wall clock stay below; a set clock is off by seconds or hours. */
const SET_BY_MS = 100;

export const readClock = (): PageClockReading => ({
	wall: Date.now(),
	mono: performance.timeOrigin + performance.now()
});

/** Whether the wall clock was set, or the machine slept, between two readings. */
export function wasSet(before: PageClockReading, now: PageClockReading): boolean {
	return Math.abs(before.wall - before.mono - (now.wall - now.mono)) > SET_BY_MS;
}
