// What stands on the agency's invoices, how they are reckoned, and how much a client may store. What was issued stays
// as it was: an invoice keeps its own currency, rate and days.
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { GIGABYTE, GIGABYTES_FAULT, MAX_GIGABYTES } from '#domain/storage-limit.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Reader } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { ifDifferent, Unchanged } from './if-different.ts';
import { plainLine, plainText } from './plain-line.ts';

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** "19", "7.7" or "8,25" as hundredths of a percent; digits are moved, never multiplied as a float. */
function rateOf(text: string): number | null {
	const [, whole, part = ''] = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.trim()) ?? [];
	if (whole === undefined) return null;
	const rate = Number(whole + part.padEnd(2, '0'));
	return rate <= 10_000 ? rate : null;
}

const count = (fault: string, min: number, max: number) =>
	z
		.string()
		.trim()
		.regex(/^\d{1,6}$/, fault)
		.transform(Number)
		.refine((value) => value >= min && value <= max, fault);

export const invoicingInput = z.object({
	address: plainText('the address', 500),
	taxId: plainLine('the tax id', 60),
	currency: z
		.string()
		.trim()
		.toUpperCase()
		.refine((code) => CURRENCIES.has(code), 'Choose a currency from the list.'),
	taxRateBp: z
		.string()
		.transform(rateOf)
		.refine((rate) => rate !== null, 'Type a rate from 0 to 100 percent, with at most two decimals.'),
	paymentDays: count('Type a whole number of days from 0 to 365.', 0, 365),
	paymentNote: plainText('the payment note', 1_000),
	quotaBytes: count(GIGABYTES_FAULT, 1, MAX_GIGABYTES).transform((gigabytes) => gigabytes * GIGABYTE)
});
export type InvoicingInput = z.infer<typeof invoicingInput>;
export type Invoicing = { [K in keyof InvoicingInput]: NonNullable<InvoicingInput[K]> };

async function readRow(reader: Reader, actor: StaffActor, lock: boolean): Promise<Invoicing> {
	const [row] = await reader.execute<Omit<Invoicing, 'quotaBytes'> & { quotaBytes: string }>(sql`
		SELECT address, tax_id AS "taxId", currency, tax_rate_bp AS "taxRateBp", payment_days AS "paymentDays",
			payment_note AS "paymentNote", client_quota_bytes AS "quotaBytes"
		FROM agency WHERE id = ${actor.agencyId} ${lock ? sql`FOR UPDATE` : sql``}`);
	if (!row) throw new AppError('not_found', 'There is no such agency.');
	return { ...row, quotaBytes: Number(row.quotaBytes) };
}

/** @throws AppError `not_allowed` without `settings.manage` */
export const readInvoicing =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<Invoicing> => {
		await requireReader(db, actor, 'settings.manage');
		return readRow(db, actor, false);
	};

/** @returns whether anything was different. @throws AppError the gate's refusals (logged) */
export const saveInvoicing =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, input: InvoicingInput, origin: Origin): Promise<boolean> => {
		const subject = { type: 'agency', id: actor.agencyId, label: 'Invoicing and storage' };
		return ifDifferent(act)(actor, { action: 'agency.edited', subject, origin }, async (tx) => {
			const before = await readRow(tx, actor, true);
			if (isDeepStrictEqual({ ...before }, { ...input })) throw new Unchanged(false);
			await tx.execute(sql`
				UPDATE agency SET address = ${input.address}, tax_id = ${input.taxId}, currency = ${input.currency},
					tax_rate_bp = ${input.taxRateBp}, payment_days = ${input.paymentDays}, payment_note = ${input.paymentNote},
					client_quota_bytes = ${input.quotaBytes} WHERE id = ${actor.agencyId}`);
			return { value: true, details: { before, after: input } };
		});
	};
