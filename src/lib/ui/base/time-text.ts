const LOCALE = 'en-GB';
const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const RELATIVE_STEPS = [
	['year', 31_536_000_000],
	['month', 2_592_000_000],
	['day', 86_400_000],
	['hour', 3_600_000],
	['minute', 60_000]
] as const;

/** How a moment is written. */
export type TimeFormat = 'date' | 'time' | 'datetime' | 'relative';

/** A moment as text in one zone (`undefined`: the reader's own). `relative` without a now is `datetime`. */
export function timeText(moment: Date, format: Exclude<TimeFormat, 'relative'>, timeZone?: string): string {
	const parts = format === 'date' ? DATE : format === 'time' ? TIME : { ...DATE, ...TIME };
	return new Intl.DateTimeFormat(LOCALE, { ...parts, timeZone }).format(moment);
}

/** `3 minutes ago`, `in 2 hours`, `yesterday`; under a minute `just now`. */
export function relativeText(moment: Date, nowMs: number): string {
	const difference = moment.getTime() - nowMs;
	const step = RELATIVE_STEPS.find(([, size]) => Math.abs(difference) >= size);
	if (!step) return 'just now';
	const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
	return words.format(Math.trunc(difference / step[1]), step[0]);
}
