import { describe, expect, it } from 'vitest';
import { isZone, zonedDay } from './zoned-day.ts';

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const day = (text: string, zone: string) => {
	const { begins, ends } = zonedDay(text, zone);
	return [iso(begins), iso(ends)];
};

describe('a day of the calendar', () => {
	it('begins and ends by the clocks of its zone', () => {
		expect(day('2026-11-23', 'UTC')).toEqual(['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z']);
		expect(day('2026-11-23', 'Europe/Berlin')).toEqual([
			'2026-11-22T23:00:00.000Z',
			'2026-11-23T23:00:00.000Z'
		]);
		expect(day('2026-11-23', 'America/Los_Angeles')[0]).toBe('2026-11-23T08:00:00.000Z');
		expect(day('2026-11-23', 'Asia/Kolkata')[0]).toBe('2026-11-22T18:30:00.000Z');
	});

	it('is 23 or 25 hours long when the clocks are changed', () => {
		expect(day('2026-03-29', 'Europe/Berlin')).toEqual([
			'2026-03-28T23:00:00.000Z',
			'2026-03-29T22:00:00.000Z'
		]);
		expect(day('2026-10-25', 'Europe/Berlin')).toEqual([
			'2026-10-24T22:00:00.000Z',
			'2026-10-25T23:00:00.000Z'
		]);
	});

	it('takes the last one there is', () => {
		expect(Number.isFinite(zonedDay('9999-12-31', 'Asia/Tokyo').ends)).toBe(true);
	});
});

it('a zone is one that clocks are set by', () => {
	expect(['UTC', 'Europe/Berlin', 'Asia/Calcutta'].every(isZone)).toBe(true);
	expect(['', 'Mars/Olympus', "UTC'; DROP TABLE action; --"].some(isZone)).toBe(false);
});
