// Use cases of invoices and payments, on both sides.
import { drawInvoice } from '../documents/draw-invoice.ts';
import { claimPaid, rejectClaim } from '../usecases/billing/claim-paid.ts';
import {
	createInvoice,
	deleteInvoice,
	editInvoice,
	restoreInvoice
} from '../usecases/billing/create-invoice.ts';
import { downloadInvoice } from '../usecases/billing/download-invoice.ts';
import { listAgencyInvoices } from '../usecases/billing/list-agency-invoices.ts';
import { listInvoices } from '../usecases/billing/list-invoices.ts';
import {
	findBillable,
	readAgencyInvoice,
	readInvoiceStart
} from '../usecases/billing/read-agency-invoice.ts';
import { readInvoice } from '../usecases/billing/read-invoice.ts';
import { recordPayment, removePayment, restorePayment } from '../usecases/billing/record-payment.ts';
import { sendInvoice, voidInvoice } from '../usecases/billing/send-invoice.ts';
import { withdrawClaim } from '../usecases/billing/withdraw-claim.ts';
import type { Parts } from './parts.ts';

export const composeBilling = ({ db, act, ids, blobs }: Parts) => ({
	list: listInvoices({ db }),
	read: readInvoice({ db }),
	claimPaid: claimPaid({ act }),
	withdrawClaim: withdrawClaim({ act }),
	download: downloadInvoice({ act, db, blobs, draw: drawInvoice }),
	listForStaff: listAgencyInvoices({ db }),
	readForStaff: readAgencyInvoice({ db }),
	readStart: readInvoiceStart({ db }),
	findBillable: findBillable({ db }),
	create: createInvoice({ act, ids }),
	edit: editInvoice({ act, db, ids }),
	remove: deleteInvoice({ act, db }),
	restore: restoreInvoice({ act, db }),
	send: sendInvoice({ act, db }),
	void: voidInvoice({ act, db }),
	recordPayment: recordPayment({ act, db, ids }),
	removePayment: removePayment({ act, db }),
	restorePayment: restorePayment({ act, db }),
	rejectClaim: rejectClaim({ act, db })
});
