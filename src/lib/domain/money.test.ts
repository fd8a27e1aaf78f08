import { describe, expect, it } from 'vitest';
import { formatMoney, minorDigits, totalsOf } from './money.ts';

describe('money', () => {
	it('takes tax once from the subtotal and rounds half up', () => {
		expect(totalsOf([{ quantity: 3, unitMinor: 3_335 }], 'EUR', 1_900)).toEqual({
			subtotalMinor: 10_005,
			taxMinor: 1_901,
			totalMinor: 11_906
		});
		expect(totalsOf([{ quantity: 1, unitMinor: 50 }], 'EUR', 1_900).taxMinor).toBe(10);
	});

	it('keeps exact sums where floats would not', () => {
		const lines = Array.from({ length: 10 }, () => ({ quantity: 1, unitMinor: 10 }));
		expect(totalsOf(lines, 'EUR', 0)).toEqual({ subtotalMinor: 100, taxMinor: 0, totalMinor: 100 });
	});

	it('knows currencies without minor units', () => {
		expect(minorDigits('JPY')).toBe(0);
		expect(formatMoney({ minor: 1_250, currency: 'JPY' })).toBe('¥1,250');
		expect(totalsOf([{ quantity: 1, unitMinor: 105 }], 'JPY', 1_000).taxMinor).toBe(11);
	});

	it('writes amounts beyond what a float holds without losing a cent', () => {
		expect(formatMoney({ minor: 123_456, currency: 'EUR' })).toBe('€1,234.56');
		expect(formatMoney({ minor: -5, currency: 'EUR' })).toBe('-€0.05');
		expect(formatMoney({ minor: 900_719_925_474_099, currency: 'EUR' })).toBe('€9,007,199,254,740.99');
	});
});
