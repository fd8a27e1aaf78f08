import { expect, test } from 'vitest';
import { relativeText, timeText } from './time-text.ts';

const moment = new Date('2026-11-23T23:05:00Z');

test.each([
	['date', 'UTC', '23 Nov 2026'],
	['time', 'UTC', '23:05'],
	['datetime', 'UTC', '23 Nov 2026, 23:05'],
	['datetime', 'Asia/Tokyo', '24 Nov 2026, 08:05']
] as const)('%s in %s is %s', (format, zone, text) => expect(timeText(moment, format, zone)).toBe(text));

test.each([
	[30_000, 'just now'],
	[180_000, '3 minutes ago'],
	[-7_200_000, 'in 2 hours'],
	[86_400_000, 'yesterday']
])('%i ms later it is "%s"', (later, text) =>
	expect(relativeText(moment, moment.getTime() + later)).toBe(text)
);
