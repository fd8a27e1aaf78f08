// One invoice as staff see it, with what they may do to it now; and the terms that a new one begins with.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, InvoiceId } from '#domain/ids.ts';
import { dueMinor } from '#domain/invoice.ts';
import { addDays } from '#domain/renewal.ts';
import type { Db } from '#server/db/types.ts';
import { containing, requireClient, requireReader } from '../agency/require-reader.ts';
import { requireId } from '../portal/scope.ts';
import { readTerms } from './insert-invoice.ts';
import { readToday, reach } from './reach.ts';
import { readDocument, type InvoiceDocument } from './read-document.ts';

export type AgencyInvoice = InvoiceDocument & {
	dueMinor: number;
	/** The day a payment is most likely recorded for. */
	today: string;
	mayManage: boolean;
};

/** @throws AppError `not_found` for another agency's invoice; `not_allowed` without `clients.read` */
export const readAgencyInvoice =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, id: string): Promise<AgencyInvoice> => {
		const invoiceId = requireId<InvoiceId>(id, 'invoice');
		const { permissions } = await requireReader(db, actor, 'clients.read');
		const [invoice, today] = await Promise.all([
			readDocument(db, invoiceId, reach(actor, 'i')),
			readToday(db)
		]);
		return { ...invoice, dueMinor: dueMinor(invoice), today, mayManage: permissions.has('billing.manage') };
	};

export type InvoiceStart = {
	client: { id: ClientId; name: string };
	currency: string;
	taxRateBp: number;
	dueOn: string;
	today: string;
};

/** What the form of a new invoice begins with: the agency's own terms. */
export const readInvoiceStart =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string): Promise<InvoiceStart> => {
		await requireReader(db, actor, 'billing.manage');
		await requireClient(db, actor, clientId);
		const [[client], terms, today] = await Promise.all([
			db.execute<{ id: ClientId; name: string }>(sql`SELECT id, name FROM client WHERE id = ${clientId}`),
			readTerms(db, actor.agencyId),
			readToday(db)
		]);
		const { currency, taxRateBp, paymentDays } = terms;
		if (!client) throw new AppError('not_found', 'There is no such client.');
		return { client, currency, taxRateBp, dueOn: addDays(today, paymentDays), today };
	};

const FOUND = 12;

export type FoundClient = { id: ClientId; name: string; owner: string | null };

/** Clients to bill, by name or by somebody's name there; a list of thousands would be no choice. */
export const findBillable =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, q: string): Promise<FoundClient[]> => {
		await requireReader(db, actor, 'billing.manage');
		const rows = await db.execute<FoundClient>(sql`
			SELECT c.id, c.name, (SELECT k.name FROM contact k WHERE k.client_id = c.id AND k.is_owner) AS owner FROM client c
			WHERE c.agency_id = ${actor.agencyId} AND c.status <> 'archived' AND (c.name ILIKE ${containing(q)} OR EXISTS (
				SELECT FROM contact k WHERE k.client_id = c.id AND k.name ILIKE ${containing(q)}))
			ORDER BY lower(c.name), c.id LIMIT ${FOUND}`);
		return [...rows];
	};
