import { describe, expect, test } from 'vitest';
import { formatClock, formatDuration } from './duration.ts';

describe('formatClock', () => {
	test.each([
		[0, '00:00'],
		[999, '00:00'],
		[42_000, '00:42'],
		[1_799_999, '29:59'],
		[3_600_000, '1:00:00'],
		[3_723_000, '1:02:03']
	])('shows %i ms as %s', (ms, text) => expect(formatClock(ms)).toBe(text));

	test('never runs below zero and survives what is no number', () => {
		expect(formatClock(-5000)).toBe('00:00');
		expect(formatClock(Number.NaN)).toBe('00:00');
	});
});

describe('formatDuration', () => {
	test.each([
		[0, '0 s'],
		[-1, '0 s'],
		[60, 'under 1 s'],
		[45_000, '45 s'],
		[372_000, '6 min 12 s'],
		[360_000, '6 min'],
		[3_900_000, '1 h 5 min'],
		[3_605_000, '1 h'],
		[183_600_000, '2 d 3 h']
	])('shows %i ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

	test('survives what is no number', () => expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('0 s'));
});
