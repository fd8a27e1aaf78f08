// The PDF of an invoice: a disclosure, so it goes through the gate. What stands on it is what the page shows.
import { sql } from 'drizzle-orm';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Origin } from '#domain/actor.ts';
import type { InvoiceId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import { requireReader } from '../agency/require-reader.ts';
import { requireArea, requireId } from '../portal/scope.ts';
import { invoiceLabel } from './lock-invoice.ts';
import { accountOf, reach, type BillingActor } from './reach.ts';
import { readDocument, type InvoiceDocument } from './read-document.ts';
import { forClient, type ClientInvoice } from './read-invoice.ts';

export type PrintedInvoice = ClientInvoice & {
	accent: string | null;
	logo: { bytes: Buffer; type: string } | null;
};
/** Draws the document; given from outside, since no use case knows how. */
export type DrawInvoice = (invoice: PrintedInvoice) => Readable;
export type OpenedPdf = { id: InvoiceId; label: string; name: string; stream: Readable };

type Looks = { accent: string | null; logo_key: string | null; logo_type: string | null };

/** A logo is shown at a few centimetres; more bytes than this are a mistake and would be in every PDF. */
const MAX_LOGO_BYTES = 2_000_000;

async function readLogo(blobs: Blobs, { logo_key, logo_type }: Looks): Promise<PrintedInvoice['logo']> {
	const stream = logo_key ? await blobs.open(`logos/${logo_key}`) : null;
	if (!stream || !logo_type) return null;
	const bytes = await buffer(stream);
	return bytes.length <= MAX_LOGO_BYTES ? { bytes, type: logo_type } : null;
}

async function readFor(tx: Tx, actor: BillingActor, id: InvoiceId): Promise<ClientInvoice> {
	if (actor.kind === 'staff') return readDocument(tx, id, reach(actor, 'i'));
	const view = await requireArea(tx, actor, 'invoices.pdf');
	const invoice: InvoiceDocument = await readDocument(
		tx,
		id,
		sql`${reach(actor, 'i')} AND i.status <> 'draft'`
	);
	return forClient(invoice, view);
}

/** A name that a folder sorts well: "INV-00042.pdf". */
const fileName = ({ number }: Pick<ClientInvoice, 'number'>): string => `${number ?? 'Draft invoice'}.pdf`;

/** @throws AppError `not_found`; the gate's refusals (logged) */
export const downloadInvoice =
	({ act, db, blobs, draw }: { act: Act; db: Db; blobs: Blobs; draw: DrawInvoice }) =>
	async (actor: BillingActor, input: { id: string }, origin: Origin): Promise<OpenedPdf> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		if (actor.kind === 'staff') await requireReader(db, actor, 'clients.read');
		const clientId = await accountOf(db, actor, { table: 'invoice', id });
		const subject = { type: 'invoice', id };
		const invoice = await act(
			actor,
			{ action: 'invoice.downloaded', clientId, subject, origin },
			async (tx) => {
				const found = await readFor(tx, actor, id);
				const { totalMinor, currency } = found;
				return {
					value: found,
					subject: { ...subject, label: invoiceLabel(found) },
					details: { totalMinor, currency }
				};
			}
		);
		const [looks] = await db.execute<Looks>(
			sql`SELECT accent, logo_key, logo_type FROM agency WHERE id = ${actor.agencyId}`
		);
		const logo = looks ? await readLogo(blobs, looks) : null;
		const stream = draw({ ...invoice, accent: looks?.accent ?? null, logo });
		return { id, label: invoiceLabel(invoice), name: fileName(invoice), stream };
	};
