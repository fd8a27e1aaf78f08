import { describe, expect, test } from 'vitest';
import { formatMoney } from './money.ts';

describe('formatMoney', () => {
	test.each([
		[123_456, 'EUR', '€1,234.56'],
		[0, 'USD', '$0.00'],
		[-950, 'USD', '-$9.50'],
		[1500, 'JPY', '¥1,500'],
		[5, 'GBP', '£0.05']
	])('shows %i minor units of %s as %s', (minor, currency, text) =>
		expect(formatMoney(minor, currency)).toBe(text)
	);

	test('shows an unknown code as it is instead of failing the page', () => {
		expect(formatMoney(1250, 'XX')).toBe('12.50 XX');
		expect(() => formatMoney(1250, '<b>')).not.toThrow();
	});
});
