// Money: integer minor units with their currency, never a float. Sums and rounding by dinero.js, words by Intl.
// Formatting keeps clear of dinero, so that a browser that only shows amounts does not download it.
import { add, dinero, haveSameCurrency, multiply, toSnapshot, transformScale, halfUp } from 'dinero.js';

export type Money = { minor: number; currency: string };

/**
 * The largest sum of one document. Times a tax rate of 10 000 hundredths of a percent it is still a whole number that a
 * float holds exactly.
 */
export const MAX_TOTAL_MINOR = 100_000_000_000;

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, locale: string): Intl.NumberFormat {
	const key = `${locale} ${currency}`;
	const known = formats.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
	// Lists write hundreds of amounts, and making a format costs more than using it.
	formats.set(key, known);
	return known;
}

/** Digits after the point: 2 for EUR, 0 for JPY, 3 for KWD; as the platform's currency data says. */
export const minorDigits = (currency: string): number =>
	formatOf(currency, 'en').resolvedOptions().maximumFractionDigits ?? 2;

/** As a plain decimal, "1250.00": what a field for an amount holds. */
export function decimalText({ minor, currency }: Money): string {
	const digits = minorDigits(currency);
	const whole = String(Math.abs(minor)).padStart(digits + 1, '0');
	const text = digits === 0 ? whole : `${whole.slice(0, -digits)}.${whole.slice(-digits)}`;
	return minor < 0 ? `-${text}` : text;
}

/** Text with symbol, as the reader's locale writes it: "€1,250.00". */
export const formatMoney = (money: Money, locale = 'en'): string =>
	// A decimal as text is exact, where a number would be rounded to a float first.
	formatOf(money.currency, locale).format(decimalText(money) as unknown as number);

/**
 * What was typed into a field for an amount, in minor units; null when it is none. Groups of thousands are not taken:
 * "1,250" is a thousand to some and one and a quarter to others, and no amount is ever guessed.
 */
export function parseAmount(text: string, currency: string): number | null {
	const digits = minorDigits(currency);
	const found = /^(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim());
	const [, whole = '', part = ''] = found ?? [];
	if (!found || part.length > digits) return null;
	const minor = Number(whole + part.padEnd(digits, '0'));
	return Number.isSafeInteger(minor) ? minor : null;
}

export type LineInput = { quantity: number; unitMinor: number };
export type Totals = { subtotalMinor: number; taxMinor: number; totalMinor: number };

/** Quantity × unit price, in minor units. */
export const lineAmount = ({ quantity, unitMinor }: LineInput): number => quantity * unitMinor;

const of = ({ minor, currency }: Money) =>
	dinero({ amount: minor, currency: { code: currency, base: 10, exponent: minorDigits(currency) } });

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
