// An invoice by hand: made as a draft, changed while it is one, thrown away, or sent. Its number comes with sending.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid, type ClientId, type InvoiceId } from '#domain/ids.ts';
import { requireDraft } from '#domain/invoice.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { requireId } from '../portal/scope.ts';
import { checkedTotals, insertInvoice, insertLines } from './insert-invoice.ts';
import type { InvoiceInput } from './invoice-input.ts';
import { invoiceLabel, lockInvoice } from './lock-invoice.ts';
import { accountOf, readToday } from './reach.ts';
import { clientOfRemoved, putInvoiceBack, removeInvoice } from './removed.ts';

/** @throws AppError `not_found` for another agency's client; `conflict` for an archived one */
async function requireBillable(tx: Tx, actor: StaffActor, clientId: string): Promise<ClientId> {
	const [client] = await tx.execute<{ id: ClientId; status: string }>(sql`
		SELECT id, status FROM client WHERE id = ${clientId} AND agency_id = ${actor.agencyId} FOR SHARE`);
	if (!client) throw new AppError('not_found', 'There is no such client.');
	if (client.status === 'archived')
		throw new AppError('conflict', 'This client is archived. Restore it before invoicing it.');
	return client.id;
}

/** @throws AppError `not_found`, `conflict`, `invalid`; the gate's refusals (logged) */
export const createInvoice =
	({ act, ids }: { act: Act; ids: Ids }) =>
	async (
		actor: StaffActor,
		input: InvoiceInput & { clientId: string },
		origin: Origin
	): Promise<InvoiceId> => {
		if (!isUuid(input.clientId)) throw new AppError('not_found', 'There is no such client.');
		const clientId = input.clientId as ClientId;
		return act(actor, { action: 'invoice.created', clientId, origin }, async (tx) => {
			await requireBillable(tx, actor, clientId);
			const issuedOn = await readToday(tx);
			const made = await insertInvoice({ tx, ids, actor }, { ...input, clientId, status: 'draft', issuedOn });
			const subject = { type: 'invoice', id: made.id, label: invoiceLabel(made) };
			return { value: made.id, subject, details: { totalMinor: made.totalMinor, currency: input.currency } };
		});
	};

/** @throws AppError `conflict` once it was sent */
export const editInvoice =
	({ act, db, ids }: { act: Act; db: Db; ids: Ids }) =>
	async (actor: StaffActor, input: InvoiceInput & { id: string }, origin: Origin): Promise<void> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		const clientId = await accountOf(db, actor, { table: 'invoice', id });
		const subject = { type: 'invoice', id, label: 'Draft invoice' };
		await act(actor, { action: 'invoice.edited', clientId, subject, origin }, async (tx) => {
			const before = await lockInvoice(tx, actor, id);
			requireDraft(before.status);
			const totals = checkedTotals(input.lines, input.currency, input.taxRateBp);
			await tx.execute(sql`DELETE FROM invoice_line WHERE invoice_id = ${id}`);
			await insertLines(tx, ids, id, input.lines);
			await tx.execute(sql`UPDATE invoice SET currency = ${input.currency}, tax_rate_bp = ${input.taxRateBp},
				due_on = ${input.dueOn}::date, note = ${input.note}, subtotal_minor = ${totals.subtotalMinor},
				tax_minor = ${totals.taxMinor}, total_minor = ${totals.totalMinor} WHERE id = ${id}`);
			const details = { before: { totalMinor: before.totalMinor, currency: before.currency }, ...totals };
			return { value: undefined, subject, details };
		});
	};

/** Removes a draft; it had no number, so none is missing afterwards. `restoreInvoice` takes this back. */
export const deleteInvoice =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: { id: string }, origin: Origin): Promise<ClientId> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		const clientId = await accountOf(db, actor, { table: 'invoice', id });
		const subject = { type: 'invoice', id, label: 'Draft invoice' };
		return act(actor, { action: 'invoice.deleted', clientId, subject, origin }, async (tx) => {
			const invoice = await lockInvoice(tx, actor, id);
			requireDraft(invoice.status);
			await removeInvoice(tx, id);
			const { totalMinor, currency } = invoice;
			return { value: clientId, subject, details: { totalMinor, currency } };
		});
	};

/** Brings a removed draft back as it was. @throws AppError `not_found`, `conflict` for an archived client */
export const restoreInvoice =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: { id: string }, origin: Origin): Promise<void> => {
		const id = requireId<InvoiceId>(input.id, 'invoice');
		const clientId = await clientOfRemoved(db, actor, id);
		const subject = { type: 'invoice', id, label: 'Draft invoice' };
		await act(actor, { action: 'invoice.restored', clientId, subject, origin }, async (tx) => {
			await requireBillable(tx, actor, clientId);
			await putInvoiceBack(tx, actor, id);
			const { totalMinor, currency } = await lockInvoice(tx, actor, id);
			return { value: undefined, subject, details: { totalMinor, currency } };
		});
	};
