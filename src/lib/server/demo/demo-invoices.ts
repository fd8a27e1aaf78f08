// The demo's invoices: monthly work with its extras, summed as a bookkeeper would.
import type { InvoiceId } from '#domain/ids.ts';
import type * as tables from '#server/db/schema/index.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { DemoPeople } from './demo-people.ts';
import type { Dice } from './dice.ts';

const DAY_MS = 86_400_000;
const TAX_RATE_BP = 2_000;
const PAYMENT_DAYS = 14;

const WORK: readonly (readonly [what: string, unitMinor: number])[] = [
	['Website care plan', 24_900],
	['Search campaign, managed', 45_000],
	['Copywriting, per page', 9_550],
	['Design work, per hour', 8_275],
	['Newsletter, set-up and sending', 17_990],
	['Photography, half a day', 38_000],
	['Hosting and backups', 3_999],
	['Landing page', 61_250],
	['Accessibility check', 27_333]
];

type Invoice = typeof tables.invoice.$inferInsert;
type Line = typeof tables.invoiceLine.$inferInsert;
export type DemoInvoices = { invoices: Invoice[]; lines: Line[] };

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function lineRows(dice: Dice, ids: Ids, invoiceId: InvoiceId): Line[] {
	return Array.from({ length: dice.between(1, 4) }, (_, index) => {
		const [description, unitMinor] = dice.pick(WORK);
		const quantity = dice.between(1, 6);
		const amountMinor = quantity * unitMinor;
		return { id: ids.uuid(), invoiceId, position: index + 1, description, quantity, unitMinor, amountMinor };
	});
}

/** Tax of a subtotal in minor units, half a cent rounded up. */
const taxOf = (subtotalMinor: number, rateBp: number): number =>
	Math.floor((subtotalMinor * rateBp + 5_000) / 10_000);

type Client = DemoPeople['clients'][number];

/** `count` invoices of one client, the newest a few days old, unnumbered. */
function clientInvoices({ dice, ids, now }: Build, client: Client, count: number): DemoInvoices {
	const found: DemoInvoices = { invoices: [], lines: [] };
	for (let age = 0; age < count; age += 1) {
		const invoiceId = ids.uuid() as InvoiceId;
		const issued = now - (4 + age * (count > 20 ? 14 : 30) + dice.between(0, 6)) * DAY_MS;
		const due = issued + PAYMENT_DAYS * DAY_MS;
		const lines = lineRows(dice, ids, invoiceId);
		const subtotalMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0);
		const taxMinor = taxOf(subtotalMinor, TAX_RATE_BP);
		// The newest are still open; one a little older is overdue; now and then one was written off.
		const status = age < 1 || (age === 2 && dice.chance(70)) ? 'open' : dice.chance(4) ? 'void' : 'paid';
		found.lines.push(...lines);
		found.invoices.push({
			id: invoiceId,
			agencyId: client.agencyId,
			clientId: client.id,
			number: '',
			status,
			issuedOn: dayOf(issued),
			dueOn: dayOf(due),
			paidOn: status === 'paid' ? dayOf(Math.min(due - dice.between(0, 9) * DAY_MS, now)) : null,
			currency: 'EUR',
			taxRateBp: TAX_RATE_BP,
			subtotalMinor,
			taxMinor,
			totalMinor: subtotalMinor + taxMinor,
			note: age % 5 === 1 ? 'Thank you for paying within 14 days.' : ''
		});
	}
	return found;
}

/** Numbers run through the whole agency by date, as they do in real books. */
function number(invoices: Invoice[]): void {
	const counts = new Map<string, number>();
	for (const row of invoices.toSorted((a, b) => a.issuedOn.localeCompare(b.issuedOn))) {
		const year = row.issuedOn.slice(0, 4);
		const next = (counts.get(year) ?? 0) + 1;
		counts.set(year, next);
		row.number = `NW-${year}-${String(next).padStart(4, '0')}`;
	}
}

type Build = { dice: Dice; ids: Ids; now: number };

/** Invoices of all clients; `countOf` says how many each has. */
export function demoInvoices(
	build: Build,
	clients: readonly Client[],
	countOf: (client: Client) => number
): DemoInvoices {
	const all: DemoInvoices = { invoices: [], lines: [] };
	for (const client of clients) {
		const own = clientInvoices(build, client, countOf(client));
		all.invoices.push(...own.invoices);
		all.lines.push(...own.lines);
	}
	number(all.invoices);
	return all;
}
