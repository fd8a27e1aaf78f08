// When a subscription renews: pure arithmetic of calendar days ("2026-01-31"), no clock and no zone.
// The n-th period begins at anchor + n × period, always counted from the anchor and never from the period before, so that
// the 31st comes back after a short month and 29 February after three ordinary years.

export type Billing = 'month' | 'year';

/** Where a subscription's periods are counted from. */
type Rhythm = { anchorOn: string; billing: Billing };

const DAY_MS = 86_400_000;
const MONTHS: Record<Billing, number> = { month: 1, year: 12 };

const textOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** ms since the epoch as the calendar day of UTC, which the database counts days by too. */
export const dayOf = textOf;

/** The day this many days later, or earlier. */
export const addDays = (day: string, days: number): string => textOf(Date.parse(day) + days * DAY_MS);

/** First day of the n-th period; a month too short for the anchor's day takes its own last day. */
export function periodStart({ anchorOn, billing }: Rhythm, n: number): string {
	const [year = 0, month = 1, day = 1] = anchorOn.split('-').map(Number);
	const target = month - 1 + n * MONTHS[billing];
	const lastDay = new Date(Date.UTC(year, target + 1, 0)).getUTCDate();
	return textOf(Date.UTC(year, target, Math.min(day, lastDay)));
}

export type Period = { from: string; to: string };

/** First and last day of the n-th period. */
export const periodOf = (rhythm: Rhythm, n: number): Period => ({
	from: periodStart(rhythm, n),
	to: addDays(periodStart(rhythm, n + 1), -1)
});

const WORDS = new Intl.DateTimeFormat('en-GB', {
	day: 'numeric',
	month: 'short',
	year: 'numeric',
	timeZone: 'UTC'
});

/** A calendar day as a document writes it: "31 Jan 2026", as pages do. */
export const dayText = (day: string): string => WORDS.format(Date.parse(day));

export type Standing = Rhythm & {
	status: 'active' | 'paused' | 'ending' | 'cancelled';
	/** How many periods since the anchor have been invoiced. */
	periods: number;
	nextRenewalOn: string | null;
};

/** Whether the client has paid-for time left today: then cancelling waits for its end. */
export const isPaidAhead = ({ periods, nextRenewalOn }: Standing, today: string): boolean =>
	periods > 0 && nextRenewalOn !== null && nextRenewalOn > today;

/**
 * The rhythm after a pause. A pause neither stretches time that was paid nor charges for time that passed: with paid time
 * left everything goes on as it was, else a new period begins on the day of resuming.
 */
export const afterPause = (
	standing: Standing,
	today: string
): Pick<Standing, 'anchorOn' | 'periods'> & { nextRenewalOn: string } =>
	standing.nextRenewalOn !== null && standing.nextRenewalOn >= today
		? { anchorOn: standing.anchorOn, periods: standing.periods, nextRenewalOn: standing.nextRenewalOn }
		: { anchorOn: today, periods: 0, nextRenewalOn: today };

/** The rhythm after invoicing one more period; a plan of another billing counts anew from that period's first day. */
export function afterRenewal(
	standing: Standing,
	billing: Billing
): Pick<Standing, 'anchorOn' | 'periods'> & { period: Period; nextRenewalOn: string } {
	const from = periodStart(standing, standing.periods);
	const isSame = billing === standing.billing;
	const rhythm: Rhythm = isSame ? standing : { anchorOn: from, billing };
	const n = isSame ? standing.periods : 0;
	return {
		anchorOn: rhythm.anchorOn,
		periods: n + 1,
		period: periodOf(rhythm, n),
		nextRenewalOn: periodStart(rhythm, n + 1)
	};
}

/** What a subscription is called: its service and the package of it. */
export const planName = (service: string, plan: string): string => `${service}, ${plan}`;

/** The line of an invoice that pays for one period of a plan. */
export const periodLine = (plan: string, { from, to }: Period): string =>
	`${plan}: ${dayText(from)} to ${dayText(to)}`;
