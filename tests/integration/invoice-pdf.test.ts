import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { deflateSync } from 'node:zlib';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatMoney } from '#domain/money.ts';
import { dayText } from '#domain/renewal.ts';
import type { StaffActor } from '#domain/actor.ts';
import type { Parts } from '#server/compose/parts.ts';
import { drawInvoice } from '#server/documents/draw-invoice.ts';
import type { InvoiceSheet } from '#server/documents/sheet.ts';
import { invoiceInput } from '#server/usecases/billing/invoice-input.ts';
import { billingWorld, type BillingWorld } from '#support/billing-world.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';

let database: TestDatabase;
let world: BillingWorld;
let admin: StaffActor;
/** Where set-logo.ts puts them, and nowhere else. */
const logos = {
	open: (key: string) => Promise.resolve(key === 'logos/north' ? Readable.from([png()]) : null)
};

beforeAll(async () => {
	database = await createTestDatabase();
	world = await billingWorld(database.db, logos as Parts['blobs']);
	admin = await world.staff('north', 'admin');
});

type Read = {
	pages: string[];
	text: string;
	info: Record<string, unknown>;
	lang: string | null;
	tags: string[];
};

/** What a reader of the file finds in it. */
async function readPdf(stream: Readable): Promise<Read> {
	const data = new Uint8Array(await buffer(stream));
	const document = await getDocument({ data, verbosity: 0 }).promise;
	const pages: string[] = [];
	const tags: string[] = [];
	const walk = (node: { role?: string; children?: unknown[] } | null): void => {
		if (!node) return;
		if (node.role) tags.push(node.role);
		for (const child of node.children ?? []) walk(child as Parameters<typeof walk>[0]);
	};
	for (let n = 1; n <= document.numPages; n += 1) {
		const page = await document.getPage(n);
		const { items } = await page.getTextContent();
		pages.push(items.map((item) => ('str' in item ? item.str : '')).join(''));
		walk((await page.getStructTree()) as Parameters<typeof walk>[0]);
	}
	const { info, metadata: _metadata } = await document.getMetadata();
	const lang = (info as { Language?: string }).Language ?? null;
	return { pages, text: pages.join(''), info: info as Record<string, unknown>, lang, tags };
}

const squeeze = (text: string): string => text.replaceAll(/\s+/g, '');
const sheet = (more: Partial<InvoiceSheet> = {}): InvoiceSheet => ({
	number: 'INV-00042',
	status: 'open',
	overdue: false,
	issuedOn: '2026-03-31',
	dueOn: '2026-04-14',
	paidOn: null,
	currency: 'EUR',
	taxRateBp: 1_900,
	subtotalMinor: 10_005,
	taxMinor: 1_901,
	totalMinor: 11_906,
	paidMinor: 0,
	note: '',
	voidReason: null,
	lines: [{ description: 'Design', quantity: 3, unitMinor: 3_335, amountMinor: 10_005 }],
	payments: [],
	from: { name: 'Northwind Studio', address: 'Hill 1\n10115 Berlin', taxId: 'DE1', paymentNote: 'IBAN DE00' },
	to: { name: 'Bluebird Bakery', address: 'Mill 2', taxId: '' },
	accent: null,
	logo: null,
	...more
});
const lines = (count: number) =>
	Array.from({ length: count }, (_, n) => ({
		description: `Line ${n + 1} of the work`,
		quantity: 1,
		unitMinor: 100,
		amountMinor: 100
	}));

/** A one-pixel PNG. */
function png(): Buffer {
	const crcOf = (bytes: Buffer): number => {
		let crc = ~0;
		for (const byte of bytes) {
			crc ^= byte;
			for (let k = 0; k < 8; k += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
		}
		return ~crc >>> 0;
	};
	const chunk = (type: string, data: Buffer): Buffer => {
		const body = Buffer.concat([Buffer.from(type), data]);
		const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
		length.writeUInt32BE(data.length);
		crc.writeUInt32BE(crcOf(body));
		return Buffer.concat([length, body, crc]);
	};
	const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
	const sign = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	const pixel = deflateSync(Buffer.from([0, 255, 0, 0]));
	return Buffer.concat([sign, chunk('IHDR', head), chunk('IDAT', pixel), chunk('IEND', Buffer.alloc(0))]);
}

describe('the PDF of an invoice', () => {
	it('shows the same numbers as the page, to the cent', async () => {
		const client = world.both.north.clients.assigned;
		const fields = Object.fromEntries(
			[
				['Copywriting, per page', '7', '95.55'],
				['Hosting and backups', '1', '39.99'],
				['Workshop', '3', '0.05']
			].flatMap(([description, quantity, price], n) => [
				[`description-${n}`, description!],
				[`quantity-${n}`, quantity!],
				[`price-${n}`, price!]
			])
		);
		const input = invoiceInput.parse({ ...fields, currency: 'EUR', taxRate: '7.7', dueOn: '2099-01-01' });
		const id = await world.billing.create(admin, { ...input, clientId: client.clientId }, NO_ORIGIN);
		await world.billing.send(admin, { id }, NO_ORIGIN);
		const payment = {
			amount: '100.01',
			paidOn: '2026-01-02',
			method: 'transfer',
			reference: 'RF18'
		} as const;
		await world.billing.recordPayment(admin, { id, ...payment }, NO_ORIGIN);
		const owner = world.as('north', client);
		const page = await world.billing.read(owner, id);
		const { stream, name } = await world.billing.download(owner, { id }, NO_ORIGIN);
		const { text } = await readPdf(stream);
		expect(name).toBe(`${page.number}.pdf`);
		const money = (minor: number) => formatMoney({ minor, currency: page.currency });
		const shown = [
			page.subtotalMinor,
			page.taxMinor,
			page.totalMinor,
			page.paidMinor,
			page.totalMinor - page.paidMinor,
			...page.lines.flatMap((line) => [line.unitMinor, line.amountMinor]),
			...page.payments!.map((one) => one.amountMinor)
		].map(money);
		for (const amount of shown) expect(squeeze(text)).toContain(squeeze(amount));
		for (const words of [page.number!, 'Tax 7.7 %', dayText(page.dueOn), 'RF18', page.to.name])
			expect(squeeze(text)).toContain(squeeze(words));
		expect(page.totalMinor).toBe(page.subtotalMinor + page.taxMinor);
	});

	it('carries the logo that the agency uploaded', async () => {
		const [invoice] = await database.sql<{ id: string }[]>`SELECT id FROM invoice WHERE status <> 'draft'`;
		const print = async () => {
			const { stream } = await world.billing.download(admin, { id: invoice!.id }, NO_ORIGIN);
			return (await buffer(stream)).includes('/Subtype /Image');
		};
		expect(await print()).toBe(false);
		await database.owner`UPDATE agency SET logo_key = 'north', logo_type = 'image/png'
			WHERE id = ${world.both.north.agencyId}`;
		expect(await print()).toBe(true);
	});

	it('writes letters of all its fonts, amounts in any currency, and marks what no font has', async () => {
		const names = 'Jürgen Łukasz Żółć Ωμέγα Дмитрий Nguyễn €';
		const { text } = await readPdf(
			drawInvoice(sheet({ currency: 'KWD', totalMinor: 1_234_567, note: `${names} 日本`, status: 'paid' }))
		);
		for (const name of names.split(' ')) expect(squeeze(text)).toContain(name.normalize('NFC'));
		expect(squeeze(text)).toContain('KWD1,234.567');
		expect(text).toContain('??');
	});

	it('is titled, in English, and tagged in the order it is read', async () => {
		const { info, tags, lang } = await readPdf(drawInvoice(sheet()));
		expect(info['Title']).toBe('Invoice INV-00042');
		expect(info['Author']).toBe('Northwind Studio');
		expect(lang).toBe('en');
		for (const tag of ['Document', 'H1', 'P', 'Table', 'TR', 'TH', 'TD', 'H2']) expect(tags).toContain(tag);
		expect(tags.indexOf('H1')).toBeLessThan(tags.indexOf('Table'));
	});

	it('turns pages with the head of the table again, and counts them', async () => {
		const { pages } = await readPdf(drawInvoice(sheet({ lines: lines(100) })));
		expect(pages.length).toBeGreaterThan(2);
		for (const [index, page] of pages.entries())
			expect(squeeze(page)).toContain(`Page${index + 1}of${pages.length}`);
		for (const page of pages.slice(0, -1)) expect(page).toContain('Description');
		const all = squeeze(pages.join(''));
		for (let n = 1; n <= 100; n += 1) expect(all).toContain(`Line${n}ofthework`);
	});

	it('keeps words without end and long notes on the paper', async () => {
		const long = 'x'.repeat(400);
		const note = Array.from({ length: 120 }, (_, n) => `Sentence ${n}.`).join('\n');
		const description = lines(1).map((line) => ({ ...line, description: long }));
		const { pages } = await readPdf(drawInvoice(sheet({ lines: description, note })));
		expect(squeeze(pages.join(''))).toContain(long);
		expect(pages.length).toBeGreaterThan(1);
		expect(pages.join('')).toContain('Sentence 119.');
	});

	it('says where it stands, and asks for no money that is not due', async () => {
		const words = async (more: Partial<InvoiceSheet>) => (await readPdf(drawInvoice(sheet(more)))).text;
		expect(await words({ overdue: true })).toContain('Overdue');
		expect(await words({})).toContain('IBAN DE00');
		const voided = await words({ status: 'void', voidReason: 'Sent twice' });
		expect(voided).toContain('Sent twice');
		expect(voided).not.toContain('IBAN');
		expect(await words({ status: 'paid', paidOn: '2026-04-01' })).toContain('Paid on 1 Apr 2026');
		expect(await words({ payments: null })).not.toContain('Payments');
	});

	it('shows a logo, and the name where the picture is broken', async () => {
		const good = await buffer(drawInvoice(sheet({ logo: { bytes: png(), type: 'image/png' } })));
		expect(good.includes('/Subtype /Image')).toBe(true);
		const torn = Buffer.from(png());
		torn[torn.indexOf('IDAT') + 6] = 0xff;
		const broken = [
			['image/png', Buffer.from('not a picture')],
			['image/png', png().subarray(0, 50)],
			['image/png', torn],
			['image/jpeg', Buffer.from([0xff, 0xd8, 0xff])],
			['image/svg+xml', Buffer.from('<svg/>')]
		] as const;
		for (const [type, bytes] of broken)
			expect((await readPdf(drawInvoice(sheet({ logo: { bytes, type } })))).text).toContain(
				'Northwind Studio'
			);
	});
});
