// Money: integer minor units with their currency, never a float. Sums and rounding by dinero.js, words by Intl.
import {
	add,
	dinero,
	haveSameCurrency,
	multiply,
	toDecimal,
	toSnapshot,
	transformScale,
	halfUp
} from 'dinero.js';

export type Money = { minor: number; currency: string };

/**
 * The largest sum of one document. Times a tax rate of 10 000 hundredths of a percent it is still a whole number that a
 * float holds exactly.
 */
export const MAX_TOTAL_MINOR = 100_000_000_000;

/** Digits after the point: 2 for EUR, 0 for JPY; as the platform's currency data says. */
export const minorDigits = (currency: string): number =>
	new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

const of = ({ minor, currency }: Money) =>
	dinero({ amount: minor, currency: { code: currency, base: 10, exponent: minorDigits(currency) } });

/** Text with symbol, as the reader's locale writes it: "€1,250.00". */
export const formatMoney = ({ minor, currency }: Money, locale = 'en'): string =>
	new Intl.NumberFormat(locale, { style: 'currency', currency }).format(
		toDecimal(of({ minor, currency })) as unknown as number
	);

export type LineInput = { quantity: number; unitMinor: number };
export type Totals = { subtotalMinor: number; taxMinor: number; totalMinor: number };

/** Quantity × unit price, in minor units. */
export const lineAmount = ({ quantity, unitMinor }: LineInput): number => quantity * unitMinor;

/**
 * Totals of a document: tax is taken once from the subtotal and rounded half up to a minor unit, so that list, page and
 * PDF agree to the cent.
 * @param taxRateBp hundredths of a percent: 1900 is 19 %
 */
export function totalsOf(lines: readonly LineInput[], currency: string, taxRateBp: number): Totals {
	const zero = of({ minor: 0, currency });
	const subtotal = lines.reduce((sum, line) => add(sum, of({ minor: lineAmount(line), currency })), zero);
	const tax = transformScale(
		multiply(subtotal, { amount: taxRateBp, scale: 4 }),
		minorDigits(currency),
		halfUp
	);
	if (!haveSameCurrency([subtotal, tax])) throw new Error('Amounts of two currencies cannot be added.');
	const minor = (value: typeof zero): number => toSnapshot(value).amount;
	return {
		subtotalMinor: minor(subtotal),
		taxMinor: minor(tax),
		totalMinor: minor(add(subtotal, tax))
	};
}
