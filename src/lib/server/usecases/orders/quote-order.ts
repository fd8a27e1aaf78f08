// What an order comes to: its lines at today's prices, its tax, and whether its form is filled in. Placing asks it again
// inside its own transaction, so that a price from a form is never believed.
import { AppError } from '#domain/errors.ts';
import { checkAnswers, type CheckedAnswers } from '#domain/intake.ts';
import type { Totals } from '#domain/money.ts';
import type { Reader } from '#server/db/types.ts';
import { checkedTotals, readTerms, type InvoiceTerms, type NewLine } from '../billing/insert-invoice.ts';
import type { Account } from '../portal/either-side.ts';
import { findService, type FoundService } from '../services/find-service.ts';
import type { PackageRow } from '../services/read-parts.ts';
import type { OrderChoice } from './order-input.ts';

export type Quote = CheckedAnswers & {
	service: FoundService;
	package: PackageRow;
	lines: NewLine[];
	currency: string;
	terms: InvoiceTerms;
	totals: Totals;
};

const gone = (what: string) =>
	new AppError('conflict', `${what} is not offered any more. Go back to the service and choose again.`);

function requireQuantity(name: string, quantity: number, most: number): void {
	if (!Number.isInteger(quantity) || quantity < 1 || quantity > most)
		throw new AppError(
			'invalid',
			most === 1 ? `${name} can be ordered once.` : `${name} can be ordered 1 to ${most} times.`
		);
}

function packageLine(service: FoundService, choice: OrderChoice): { chosen: PackageRow; line: NewLine } {
	const chosen = service.packages.find((one) => one.id === choice.packageId);
	if (!chosen) throw gone('This package');
	requireQuantity(chosen.name, choice.quantity, chosen.maxQuantity);
	const description = `${service.name}, ${chosen.name}`;
	return { chosen, line: { description, quantity: choice.quantity, unitMinor: chosen.priceMinor } };
}

function addOnLines(service: FoundService, choice: OrderChoice, currency: string): NewLine[] {
	const ids = choice.addOns.map((one) => one.id);
	if (new Set(ids).size !== ids.length) throw new AppError('invalid', 'An add-on was sent twice.');
	return choice.addOns.map(({ id, quantity }) => {
		const addOn = service.addOns.find((one) => one.id === id);
		// One invoice has one currency.
		if (addOn?.currency !== currency) throw gone('This add-on');
		requireQuantity(addOn.name, quantity, addOn.maxQuantity);
		return { description: addOn.name, quantity, unitMinor: addOn.priceMinor };
	});
}

/**
 * @throws AppError `not_found` for a service this client is not shown, `conflict` for what is not offered any more,
 * `invalid` for quantities out of bounds and sums too large
 */
export async function quoteOrder(reader: Reader, account: Account, choice: OrderChoice): Promise<Quote> {
	const service = await findService(reader, account, choice.serviceId);
	const { chosen, line } = packageLine(service, choice);
	const lines = [line, ...addOnLines(service, choice, chosen.currency)];
	const terms = await readTerms(reader, account.agencyId);
	return {
		service,
		package: chosen,
		lines,
		currency: chosen.currency,
		terms,
		totals: checkedTotals(lines, chosen.currency, terms.taxRateBp),
		...checkAnswers(service.questions, choice.answers)
	};
}
