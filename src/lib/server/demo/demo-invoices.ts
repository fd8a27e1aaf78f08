// The demo's invoices: monthly work with its extras, summed as a bookkeeper would.
import type { ContactId, InvoiceId } from '#domain/ids.ts';
import { totalsOf } from '#domain/money.ts';
import type * as tables from '#server/db/schema/index.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { DemoPeople } from './demo-people.ts';
import type { Dice } from './dice.ts';

const DAY_MS = 86_400_000;
export const DEMO_TAX_BP = 2_000;
export const DEMO_PAYMENT_DAYS = 14;

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

export type DemoInvoice = typeof tables.invoice.$inferInsert;
type Line = typeof tables.invoiceLine.$inferInsert;
export type DemoInvoices = { invoices: DemoInvoice[]; lines: Line[] };
export type Build = { dice: Dice; ids: Ids; now: number };
type Client = DemoPeople['clients'][number];
type Work = { description: string; quantity: number; unitMinor: number };

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** One invoice with its lines, unnumbered and open; `more` says what else it is. */
export function invoiceRows(
	{ ids }: Build,
	client: Pick<Client, 'id' | 'agencyId'>,
	{ work, issued, ...more }: { work: readonly Work[]; issued: number } & Partial<DemoInvoice>
): { invoice: DemoInvoice; lines: Line[] } {
	const invoiceId = ids.uuid() as InvoiceId;
	const currency = 'EUR';
	const invoice: DemoInvoice = {
		id: invoiceId,
		agencyId: client.agencyId,
		clientId: client.id,
		number: null,
		status: 'open',
		issuedOn: dayOf(issued),
		dueOn: dayOf(issued + DEMO_PAYMENT_DAYS * DAY_MS),
		paidOn: null,
		currency,
		taxRateBp: DEMO_TAX_BP,
		...totalsOf(work, currency, DEMO_TAX_BP),
		sentAt: new Date(issued),
		createdAt: new Date(issued),
		...more
	};
	const lines = work.map((line, index) => ({
		...line,
		id: ids.uuid(),
		invoiceId,
		position: index + 1,
		amountMinor: line.quantity * line.unitMinor
	}));
	return { invoice, lines };
}

const someWork = (dice: Dice): Work[] =>
	Array.from({ length: dice.between(1, 4) }, () => {
		const [description, unitMinor] = dice.pick(WORK);
		return { description, quantity: dice.between(1, 6), unitMinor };
	});

/** The newest are still open; one a little older is overdue; now and then one was written off. */
function statusAt(dice: Dice, age: number): Pick<DemoInvoice, 'status' | 'voidReason'> {
	if (age < 1 || (age === 2 && dice.chance(70))) return { status: 'open' };
	return dice.chance(4)
		? { status: 'void', voidReason: 'Sent twice by mistake. The other one stands.' }
		: { status: 'paid' };
}

/** `count` invoices of one client, the newest a few days old. */
function clientInvoices(build: Build, client: Client, count: number): DemoInvoices {
	const { dice, now } = build;
	const found: DemoInvoices = { invoices: [], lines: [] };
	for (let age = 0; age < count; age += 1) {
		const issued = now - (4 + age * (count > 20 ? 14 : 30) + dice.between(0, 6)) * DAY_MS;
		const made = invoiceRows(build, client, {
			work: someWork(dice),
			issued,
			note: age % 5 === 1 ? 'Thank you for paying within 14 days.' : '',
			...statusAt(dice, age)
		});
		found.invoices.push(made.invoice);
		found.lines.push(...made.lines);
	}
	return found;
}

/** What a tour of billing wants to see of one client: a draft, a claim that waits, and one that is void. */
export function tourInvoices(build: Build, client: Client, owner: ContactId): DemoInvoices {
	const { dice, now } = build;
	const made = [
		invoiceRows(build, client, {
			work: [
				{ description: 'Landing page for the Easter menu', quantity: 1, unitMinor: 61_250 },
				{ description: 'Photography, half a day', quantity: 1, unitMinor: 38_000 }
			],
			issued: now - DAY_MS,
			status: 'draft',
			sentAt: null,
			note: 'As agreed on the phone.'
		}),
		invoiceRows(build, client, {
			work: someWork(dice),
			issued: now - 19 * DAY_MS,
			claimedAt: new Date(now - 26 * 3_600_000),
			claimReference: 'Transfer of Monday from the savings bank account',
			claimByContactId: owner
		}),
		invoiceRows(build, client, {
			work: someWork(dice),
			issued: now - 33 * DAY_MS,
			status: 'void',
			voidReason: 'The wrong month was invoiced. A new one replaces it.'
		})
	];
	return { invoices: made.map((one) => one.invoice), lines: made.flatMap((one) => one.lines) };
}

/** Invoices of all clients; `countOf` says how many each has. */
export function demoInvoices(
	build: Build,
	clients: readonly Client[],
	countOf: (client: Client) => number
): DemoInvoices {
	const all = clients.map((client) => clientInvoices(build, client, countOf(client)));
	return { invoices: all.flatMap((one) => one.invoices), lines: all.flatMap((one) => one.lines) };
}
