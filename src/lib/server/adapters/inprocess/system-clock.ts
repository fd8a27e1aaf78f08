// The machine's clock. Rows take the database's; this one is for leases, limits and receipt times.
import type { Clock } from '#server/ports/clock.ts';

export class SystemClock implements Clock {
	now(): number {
		return Date.now();
	}
}
