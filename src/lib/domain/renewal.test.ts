import { describe, expect, it } from 'vitest';
import {
	addDays,
	dayText,
	afterPause,
	afterRenewal,
	isPaidAhead,
	periodOf,
	periodStart,
	type Standing
} from './renewal.ts';

const monthly = (anchorOn: string) => ({ anchorOn, billing: 'month' as const });

describe('the days of renewal', () => {
	it('takes the last day of a short month and comes back to the 31st', () => {
		const days = [0, 1, 2, 3, 4].map((n) => periodStart(monthly('2026-01-31'), n));
		expect(days).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
	});

	it('knows 29 February in leap years, by month and by year', () => {
		expect(periodStart(monthly('2028-01-30'), 1)).toBe('2028-02-29');
		const yearly = { anchorOn: '2028-02-29', billing: 'year' as const };
		expect([1, 2, 3, 4].map((n) => periodStart(yearly, n))).toEqual([
			'2029-02-28',
			'2030-02-28',
			'2031-02-28',
			'2032-02-29'
		]);
		expect(periodStart({ anchorOn: '2096-02-29', billing: 'year' }, 4)).toBe('2100-02-28');
	});

	it('writes days for documents', () => {
		expect(dayText('2026-01-31')).toBe('31 Jan 2026');
	});

	it('crosses the year and never repeats or skips a period', () => {
		expect(periodStart(monthly('2026-11-15'), 2)).toBe('2027-01-15');
		for (const day of ['2026-01-01', '2026-01-28', '2026-01-29', '2026-01-30', '2026-01-31'])
			for (let n = 0; n < 60; n += 1) {
				const { from, to } = periodOf(monthly(day), n);
				expect(from <= to).toBe(true);
				expect(addDays(to, 1)).toBe(periodStart(monthly(day), n + 1));
			}
	});
});

const standing = (more: Partial<Standing> = {}): Standing => ({
	...monthly('2026-01-31'),
	status: 'active',
	periods: 1,
	nextRenewalOn: '2026-02-28',
	...more
});

describe('renewing', () => {
	it('moves by one period and counts from the anchor', () => {
		expect(afterRenewal(standing(), 'month')).toEqual({
			anchorOn: '2026-01-31',
			periods: 2,
			period: { from: '2026-02-28', to: '2026-03-30' },
			nextRenewalOn: '2026-03-31'
		});
	});

	it('counts anew from the renewal when the plan changes from months to years', () => {
		expect(afterRenewal(standing(), 'year')).toEqual({
			anchorOn: '2026-02-28',
			periods: 1,
			period: { from: '2026-02-28', to: '2027-02-27' },
			nextRenewalOn: '2027-02-28'
		});
	});
});

describe('pausing and cancelling', () => {
	it('leaves everything as it was when paid time is left after the pause', () => {
		const rhythm = { anchorOn: '2026-01-31', periods: 1, nextRenewalOn: '2026-02-28' };
		expect(afterPause(standing(), '2026-02-10')).toEqual(rhythm);
		expect(afterPause(standing(), '2026-02-28')).toEqual(rhythm);
	});

	it('begins a new period on the day of resuming when the paid time ran out', () => {
		const rhythm = { anchorOn: '2026-06-12', periods: 0, nextRenewalOn: '2026-06-12' };
		expect(afterPause(standing(), '2026-06-12')).toEqual(rhythm);
	});

	it('lets cancelling wait only while there is paid time left', () => {
		expect(isPaidAhead(standing(), '2026-02-27')).toBe(true);
		expect(isPaidAhead(standing(), '2026-02-28')).toBe(false);
		expect(isPaidAhead(standing({ periods: 0 }), '2026-02-01')).toBe(false);
	});
});
