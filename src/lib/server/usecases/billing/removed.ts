// What was removed by one press, kept as it was for as long as somebody may want it back: a draft invoice with its lines,
// a payment (purge-leftovers.ts lets it go in the end). Kept apart from the tables themselves, so that no list, sum or search has to leave it out.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, InvoiceId, PaymentId } from '#domain/ids.ts';
import type { Reader, Tx } from '#server/db/types.ts';

const goneForGood = (what: string): AppError =>
	new AppError('not_found', `This ${what} is not kept any more, or is back already. Look at the list anew.`);

/** Takes the draft and its lines out of the books. The invoice is locked and of the actor's agency. */
export async function removeInvoice(tx: Tx, id: InvoiceId): Promise<void> {
	await tx.execute(sql`
		INSERT INTO removed_record (id, agency_id, client_id, kind, record, parts)
		SELECT i.id, i.agency_id, i.client_id, 'invoice', to_jsonb(i),
			coalesce((SELECT jsonb_agg(to_jsonb(l)) FROM invoice_line l WHERE l.invoice_id = i.id), '[]')
		FROM invoice i WHERE i.id = ${id}`);
	await tx.execute(sql`DELETE FROM invoice WHERE id = ${id}`);
}

/** @throws AppError `not_found` when it is back already, or was kept long enough */
export async function putInvoiceBack(tx: Tx, actor: StaffActor, id: InvoiceId): Promise<void> {
	const [kept] = await tx.execute<{ record: string; parts: string }>(sql`
		DELETE FROM removed_record r WHERE r.id = ${id} AND r.agency_id = ${actor.agencyId} AND r.kind = 'invoice'
		RETURNING r.record::text AS record, r.parts::text AS parts`);
	if (!kept) throw goneForGood('draft');
	const { record, parts } = kept;
	await tx.execute(
		sql`INSERT INTO invoice SELECT * FROM jsonb_populate_record(NULL::invoice, ${record}::text::jsonb)`
	);
	await tx.execute(
		sql`INSERT INTO invoice_line SELECT * FROM jsonb_populate_recordset(NULL::invoice_line, ${parts}::text::jsonb)`
	);
}

type RemovedPayment = { amount: number; method: string };

/** @throws AppError `not_found` for a payment of another invoice, or of none */
export async function takePayment(
	tx: Tx,
	actor: StaffActor,
	of: { invoiceId: InvoiceId; paymentId: PaymentId }
): Promise<RemovedPayment> {
	const [removed] = await tx.execute<RemovedPayment>(sql`
		WITH gone AS (DELETE FROM payment p WHERE p.id = ${of.paymentId} AND p.invoice_id = ${of.invoiceId}
			AND p.agency_id = ${actor.agencyId} RETURNING p.*),
		kept AS (INSERT INTO removed_record (id, agency_id, client_id, kind, record)
			SELECT g.id, g.agency_id, g.client_id, 'payment', to_jsonb(g) FROM gone g)
		SELECT g.amount_minor::float8 AS amount, g.method FROM gone g`);
	if (!removed) throw new AppError('not_found', 'There is no such payment on this invoice.');
	return removed;
}

/** @throws AppError `not_found` when it is back already, or was kept long enough */
export async function putPaymentBack(
	tx: Tx,
	actor: StaffActor,
	of: { invoiceId: InvoiceId; paymentId: PaymentId }
): Promise<RemovedPayment> {
	const [back] = await tx.execute<RemovedPayment>(sql`
		WITH kept AS (DELETE FROM removed_record r WHERE r.id = ${of.paymentId} AND r.agency_id = ${actor.agencyId}
			AND r.kind = 'payment' AND r.record ->> 'invoice_id' = ${of.invoiceId} RETURNING r.record),
		back AS (INSERT INTO payment SELECT p.* FROM kept k, jsonb_populate_record(NULL::payment, k.record) p
			RETURNING amount_minor, method)
		SELECT amount_minor::float8 AS amount, method FROM back`);
	if (!back) throw goneForGood('payment');
	return back;
}

/** The client a removed draft was of: the change stands under its account. @throws AppError `not_found` */
export async function clientOfRemoved(reader: Reader, actor: StaffActor, id: InvoiceId): Promise<ClientId> {
	const [row] = await reader.execute<{ client: ClientId }>(sql`
		SELECT client_id AS client FROM removed_record
		WHERE id = ${id} AND agency_id = ${actor.agencyId} AND kind = 'invoice'`);
	if (!row) throw goneForGood('draft');
	return row.client;
}
