import { describe, expect, it } from 'vitest';
import { decimalText, formatMoney, minorDigits, parseAmount, totalsOf } from './money.ts';

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

	it('knows currencies with three digits', () => {
		expect(minorDigits('KWD')).toBe(3);
		expect(formatMoney({ minor: 1_234_567, currency: 'KWD' }).replaceAll(/\s/g, ' ')).toBe('KWD 1,234.567');
		expect(totalsOf([{ quantity: 1, unitMinor: 1_005 }], 'KWD', 500).taxMinor).toBe(50);
	});

	it('reads what people type into a field, and writes it back the same', () => {
		expect(parseAmount('1250', 'EUR')).toBe(125_000);
		expect(parseAmount(' 1250,5 ', 'EUR')).toBe(125_050);
		expect(parseAmount('0.05', 'EUR')).toBe(5);
		expect(parseAmount('1250', 'JPY')).toBe(1_250);
		expect(parseAmount('1.234', 'KWD')).toBe(1_234);
		for (const [minor, currency] of [
			[5, 'EUR'],
			[125_050, 'EUR'],
			[0, 'JPY'],
			[1_234, 'KWD']
		] as const)
			expect(parseAmount(decimalText({ minor, currency }), currency)).toBe(minor);
	});

	it('guesses no amount', () => {
		for (const text of ['', 'ten', '-5', '1,250', '1.250,00', '1e3', '0x10', '1.999', '１'])
			expect(parseAmount(text, 'EUR'), text).toBe(null);
		expect(parseAmount('12.5', 'JPY')).toBe(null);
		expect(parseAmount('9999999999999', 'EUR')).toBe(null);
	});
});
