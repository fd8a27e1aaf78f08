// The page's clock against hub time, as in NTP: the reading with the shortest round trip is off by at most half of it.

type Reading = { offsetMs: number; rttMs: number };

/** Readings remembered: about half a minute of beats, so that a drifting clock is followed. */
const REMEMBERED = 8;

/** Slack for timers before two readings are said to contradict each other. */
const JUMP_SLACK_MS = 50;

export class ClockOffset {
	private readings: Reading[] = [];

	/** One answer: when it was asked and came back by our clock, and what the page's clock said in between. */
	sample(askedAt: number, answeredAt: number, wall: number): void {
		const reading = { offsetMs: (askedAt + answeredAt) / 2 - wall, rttMs: Math.max(0, answeredAt - askedAt) };
		const best = this.best();
		const slack = JUMP_SLACK_MS + (reading.rttMs + (best?.rttMs ?? 0)) / 2;
		// The page's wall clock was set: what was known of it before is worth nothing.
		if (best && Math.abs(reading.offsetMs - best.offsetMs) > slack) this.readings = [];
		this.readings = [...this.readings, reading].slice(-REMEMBERED);
	}

	/** Add to a page's timestamp to get hub time; null before the first reading. */
	get offsetMs(): number | null {
		return this.best()?.offsetMs ?? null;
	}

	private best(): Reading | undefined {
		return this.readings.toSorted((a, b) => a.rttMs - b.rttMs)[0];
	}
}
