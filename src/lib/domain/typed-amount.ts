// Amounts as people type them: plain decimals, read without a float, so that 19.99 is 1999 and never 1998.
import { MAX_TOTAL_MINOR, minorDigits } from './money.ts';

/** Minor units of a typed amount ("1250", "1250.5", "1250,50"), or null when it is none of this currency. */
export function typedAmount(text: string, currency: string): number | null {
	const match = /^(\d{1,12})(?:[.,](\d{1,4}))?$/.exec(text.trim());
	if (!match) return null;
	const digits = minorDigits(currency);
	const rest = (match[2] ?? '').replace(/0+$/, '');
	if (rest.length > digits) return null;
	const minor = Number(`${match[1]}${rest.padEnd(digits, '0')}`);
	return minor <= MAX_TOTAL_MINOR ? minor : null;
}

/** The amount as one would type it: `typedAmount` reads it back. */
export function amountText(minor: number, currency: string): string {
	const digits = minorDigits(currency);
	if (digits === 0) return String(minor);
	const text = String(minor).padStart(digits + 1, '0');
	return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A currency that amounts can be written in. */
export const isCurrency = (code: string): boolean =>
	/^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code);
