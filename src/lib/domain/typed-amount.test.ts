import { expect, it } from 'vitest';
import { amountText, isCurrency, typedAmount } from './typed-amount.ts';

it('reads amounts to the minor unit of their currency', () => {
	expect(typedAmount('19.99', 'EUR')).toBe(1999);
	expect(typedAmount(' 1250,5 ', 'EUR')).toBe(125_050);
	expect(typedAmount('0', 'EUR')).toBe(0);
	expect(typedAmount('4.10', 'EUR')).toBe(410);
	expect(typedAmount('1500', 'JPY')).toBe(1500);
	expect(typedAmount('1500.00', 'JPY')).toBe(1500);
	expect(typedAmount('1.234', 'KWD')).toBe(1234);
});

it('refuses what is no amount, too fine or too large', () => {
	for (const wrong of ['', '-1', '1.2.3', '1e3', 'NaN', '0x10', '1 000', '€5', '9'.repeat(13)])
		expect(typedAmount(wrong, 'EUR')).toBeNull();
	expect(typedAmount('1.005', 'EUR')).toBeNull();
	expect(typedAmount('1.5', 'JPY')).toBeNull();
	expect(typedAmount('999999999999', 'EUR')).toBeNull();
});

it('writes back what it reads', () => {
	for (const [minor, currency] of [
		[0, 'EUR'],
		[5, 'EUR'],
		[125_050, 'EUR'],
		[1500, 'JPY'],
		[7, 'KWD']
	] as const)
		expect(typedAmount(amountText(minor, currency), currency)).toBe(minor);
});

it('knows currencies', () => {
	expect(isCurrency('EUR')).toBe(true);
	for (const wrong of ['eur', 'EURO', 'ZZZ', '']) expect(isCurrency(wrong)).toBe(false);
});
