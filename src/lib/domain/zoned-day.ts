// Days of the calendar as their reader counts them: when one begins and ends in a time zone.

/** Whether it names a time zone that days can be counted in ("Europe/Berlin"). */
export function isZone(text: string): boolean {
	try {
		return text !== '' && Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
	} catch {
		return false;
	}
}

const OFFSET = /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** How far ahead of UTC the clocks of a zone are at an instant, in ms. */
function offsetAt(at: number, zone: string): number {
	const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
		at
	);
	const [, sign, hours, minutes, seconds = '0'] =
		OFFSET.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? [];
	if (!sign) return 0;
	const ahead = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
	return sign === '-' ? -ahead : ahead;
}

const DAY_MS = 86_400_000;

function midnight(utc: number, zone: string): number {
	// Once more at the first guess: the clocks may be put forward or back in between.
	const guess = utc - offsetAt(utc, zone);
	return utc - offsetAt(guess, zone);
}

/** When the day `2026-11-23` begins and the next one does, in s since the epoch. */
export function zonedDay(day: string, zone: string): { begins: number; ends: number } {
	const utc = Date.parse(`${day}T00:00:00Z`);
	return { begins: midnight(utc, zone) / 1000, ends: midnight(utc + DAY_MS, zone) / 1000 };
}
