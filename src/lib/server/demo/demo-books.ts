// Everything of the demo that is about money: work by the hour, orders and subscriptions, closed into one set of books.
import { sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import * as tables from '#server/db/schema/index.ts';
import type { Tx } from '#server/db/types.ts';
import { demoInvoices, DEMO_PAYMENT_DAYS, DEMO_TAX_BP, tourInvoices, type Build } from './demo-invoices.ts';
import type { DemoInvoices } from './demo-invoices.ts';
import { closeBooks, type ClosedBooks } from './demo-payments.ts';
import type { DemoPeople } from './demo-people.ts';
import type { DemoServices } from './demo-services.ts';
import { demoSubscriptions, type DemoPlan, type DemoSubscriptions } from './demo-subscriptions.ts';

export type DemoBooks = ClosedBooks & Pick<DemoSubscriptions, 'subscriptions' | 'lines'>;

/** What clients can subscribe to: the recurring packages that are shown to everybody. */
function plansOf({ services, packages }: DemoServices): DemoPlan[] {
	return packages.flatMap(({ id, serviceId, name, priceMinor, currency, billing }) => {
		const service = services.find((one) => one.id === serviceId);
		if (!service || billing === 'once' || service.status !== 'published' || service.visibleTo !== 'all')
			return [];
		return [{ id, serviceId, service: service.name, name, priceMinor, currency, billing }];
	});
}

export function demoBooks(
	build: Build,
	people: DemoPeople,
	more: { catalogue: DemoServices; ordered: DemoInvoices; countOf(name: string): number }
): DemoBooks {
	const { agency, clients, contacts, staff } = people;
	const byHand = demoInvoices(build, clients, (client) => more.countOf(client.name));
	const tour = clients
		.filter((client) => client.name === 'Bluebird Bakery')
		.flatMap((client) => {
			const owner = contacts.find((one) => one.clientId === client.id && one.isOwner);
			return owner ? [tourInvoices(build, client, owner.id)] : [];
		});
	const subscribed = demoSubscriptions(build, people, plansOf(more.catalogue));
	const parts = [byHand, ...tour, subscribed, more.ordered];
	const invoices = parts.flatMap((part) => part.invoices);
	// Payments are recorded by those who may: the first two of the staff are its administrators.
	const closed = closeBooks(build, agency.id, { invoices, staff: staff.slice(0, 2).map((one) => one.id) });
	return {
		...closed,
		subscriptions: subscribed.subscriptions,
		lines: parts.flatMap((part) => part.lines)
	};
}

type Insert = <T extends PgTable>(tx: Tx, table: T, rows: readonly T['$inferInsert'][]) => Promise<void>;

/** Stores them, and how the agency invoices. Orders and packages that they name are stored before. */
export async function insertBooks(tx: Tx, insert: Insert, books: DemoBooks): Promise<void> {
	await insert(tx, tables.subscription, books.subscriptions);
	await insert(tx, tables.invoice, books.invoices);
	await insert(tx, tables.invoiceLine, books.lines);
	await insert(tx, tables.payment, books.payments);
	await insert(tx, tables.counter, [books.counter]);
	await tx.execute(sql`
		UPDATE agency SET tax_rate_bp = ${DEMO_TAX_BP}, payment_days = ${DEMO_PAYMENT_DAYS},
			address = ${'48 Harbour Street\nBristol BS1 5TR\nUnited Kingdom'}, tax_id = 'GB 123 4567 89',
			payment_note = ${'By bank transfer to Northwind Studio, IBAN GB33 BUKB 2020 1555 5555 55, BIC BUKBGB22.\nPlease give the number of the invoice.'}
		WHERE id = ${books.counter.agencyId}`);
}
