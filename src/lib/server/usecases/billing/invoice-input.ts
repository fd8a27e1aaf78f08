// What the form of an invoice sends. A form knows only flat texts, so lines are numbered fields (`description-0`,
// `quantity-0`, `price-0`), and a fault names the field it is about. Rows left empty are no lines.
import { z } from 'zod';
import { minorDigits, parseAmount } from '#domain/money.ts';
import type { NewLine } from './insert-invoice.ts';

/** More would not fit a page that a person can check; the form's own limit of bytes comes soon after. */
const MAX_LINES = 100;
const MAX_QUANTITY = 100_000;
const MAX_DESCRIPTION = 500;

export type InvoiceInput = {
	currency: string;
	taxRateBp: number;
	dueOn: string;
	note: string;
	lines: NewLine[];
};

/** "19", "7.7" or "7,25" as hundredths of a percent; null for anything else or more than 100. */
export function parsePercent(text: string): number | null {
	const [found, whole = '', part = ''] = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.trim()) ?? [];
	const bp = Number(whole) * 100 + Number(part.padEnd(2, '0'));
	return found !== undefined && bp <= 10_000 ? bp : null;
}

/** Hundredths of a percent as a field holds them. */
export const percentText = (bp: number): string => String(bp / 100);

/** A code that the platform knows as a currency, in capitals; null for any other three letters. */
function currencyOf(text: string): string | null {
	const code = text.trim().toUpperCase();
	return Intl.supportedValuesOf('currency').includes(code) ? code : null;
}

type Issue = (field: string, message: string) => void;
type Fields = Record<string, string>;

function quantityOf(text: string): number | null {
	const quantity = /^\d{1,6}$/.test(text) ? Number(text) : 0;
	return quantity >= 1 && quantity <= MAX_QUANTITY ? quantity : null;
}

function lineOf(fields: Fields, n: number, currency: string, issue: Issue): NewLine | null {
	const textOf = (name: string) => (fields[`${name}-${n}`] ?? '').trim();
	const [description, quantityText, price] = [
		textOf('description'),
		textOf('quantity') || '1',
		textOf('price')
	];
	if (!description && !price) return null;
	const quantity = quantityOf(quantityText);
	const unitMinor = parseAmount(price, currency);
	if (!description) issue(`description-${n}`, 'Say what this is for.');
	if (description.length > MAX_DESCRIPTION)
		issue(`description-${n}`, `Keep it under ${MAX_DESCRIPTION} characters.`);
	if (quantity === null) issue(`quantity-${n}`, 'A whole number from 1.');
	if (unitMinor === null)
		issue(`price-${n}`, minorDigits(currency) === 0 ? 'An amount like 1250.' : 'An amount like 1250.00.');
	return { description, quantity: quantity ?? 1, unitMinor: unitMinor ?? 0 };
}

const rowsOf = (fields: Fields): number[] =>
	Object.keys(fields)
		.map((name) => /^(?:description|price)-(\d{1,3})$/.exec(name)?.[1])
		.filter((n) => n !== undefined)
		.map(Number);

export const invoiceInput = z.record(z.string(), z.string()).transform((fields, ctx): InvoiceInput => {
	const issue: Issue = (field, message) => ctx.addIssue({ code: 'custom', path: [field], message });
	const currency = currencyOf(fields['currency'] ?? '');
	const taxRateBp = parsePercent(fields['taxRate'] ?? '');
	const dueOn = z.iso.date().safeParse(fields['dueOn']);
	const note = (fields['note'] ?? '').trim();
	if (!currency) issue('currency', 'Use a currency’s three letters, like EUR.');
	if (taxRateBp === null) issue('taxRate', 'A percentage from 0 to 100, like 19 or 7.7.');
	if (!dueOn.success) issue('dueOn', 'Choose the day it is due.');
	if (note.length > 2_000) issue('note', 'Keep the note under 2,000 characters.');
	const numbers = [...new Set(rowsOf(fields))].toSorted((a, b) => a - b);
	const lines = numbers
		.map((n) => lineOf(fields, n, currency ?? 'EUR', issue))
		.filter((line) => line !== null);
	if (lines.length === 0) issue('', 'Add at least one line with a description and a price.');
	if (lines.length > MAX_LINES) issue('', `An invoice takes up to ${MAX_LINES} lines. Make several.`);
	return { currency: currency ?? '', taxRateBp: taxRateBp ?? 0, dueOn: dueOn.data ?? '', note, lines };
});
