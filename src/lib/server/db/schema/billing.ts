import { bigint, date, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type {
	AgencyId,
	ClientId,
	ContactId,
	ImpersonationId,
	InvoiceId,
	OrderId,
	PackageId,
	PaymentId,
	ServiceId,
	StaffId,
	SubscriptionId
} from '#domain/ids.ts';
import type { InvoiceStatus } from '#domain/invoice.ts';
import type { Billing } from '#domain/renewal.ts';
import { id, instant } from './columns.ts';

const owner = {
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	clientId: uuid('client_id').$type<ClientId>().notNull()
};

/** Whose account it stands under, and who really did it. */
const maker = {
	madeByContactId: uuid('made_by_contact_id').$type<ContactId>(),
	madeByStaffId: uuid('made_by_staff_id').$type<StaffId>(),
	impersonationId: uuid('impersonation_id').$type<ImpersonationId>()
};

const minor = (name: string) => bigint(name, { mode: 'number' });
const day = (name: string) => date(name, { mode: 'string' });

export const subscription = pgTable('subscription', {
	id: id<SubscriptionId>(),
	...owner,
	orderId: uuid('order_id').$type<OrderId>(),
	serviceId: uuid('service_id').$type<ServiceId>(),
	packageId: uuid('package_id').$type<PackageId>(),
	name: text('name').notNull(),
	priceMinor: minor('price_minor').notNull(),
	currency: text('currency').notNull(),
	taxRateBp: integer('tax_rate_bp').notNull().default(0),
	billing: text('billing').$type<Billing>().notNull(),
	status: text('status').$type<'active' | 'paused' | 'ending' | 'cancelled'>().notNull().default('active'),
	anchorOn: day('anchor_on').notNull(),
	periods: integer('periods').notNull().default(0),
	nextRenewalOn: day('next_renewal_on'),
	pausedAt: instant('paused_at'),
	cancelledAt: instant('cancelled_at'),
	cancelReason: text('cancel_reason'),
	nextPackageId: uuid('next_package_id').$type<PackageId>(),
	nextPriceMinor: minor('next_price_minor'),
	...maker,
	createdAt: instant('created_at').notNull().defaultNow(),
	updatedAt: instant('updated_at').notNull().defaultNow()
});

export const invoice = pgTable('invoice', {
	id: id<InvoiceId>(),
	...owner,
	number: text('number'),
	status: text('status').$type<InvoiceStatus>().notNull(),
	issuedOn: day('issued_on').notNull(),
	dueOn: day('due_on').notNull(),
	paidOn: day('paid_on'),
	currency: text('currency').notNull(),
	taxRateBp: integer('tax_rate_bp').notNull().default(0),
	subtotalMinor: minor('subtotal_minor').notNull(),
	taxMinor: minor('tax_minor').notNull(),
	totalMinor: minor('total_minor').notNull(),
	note: text('note').notNull().default(''),
	orderId: uuid('order_id').$type<OrderId>(),
	subscriptionId: uuid('subscription_id').$type<SubscriptionId>(),
	periodFrom: day('period_from'),
	paidMinor: minor('paid_minor').notNull().default(0),
	sentAt: instant('sent_at'),
	voidReason: text('void_reason'),
	claimedAt: instant('claimed_at'),
	claimReference: text('claim_reference'),
	claimByContactId: uuid('claim_by_contact_id').$type<ContactId>(),
	claimByStaffId: uuid('claim_by_staff_id').$type<StaffId>(),
	claimAnswer: text('claim_answer'),
	...maker,
	createdAt: instant('created_at').notNull().defaultNow()
});

export const invoiceLine = pgTable('invoice_line', {
	id: id<string>(),
	invoiceId: uuid('invoice_id').$type<InvoiceId>().notNull(),
	position: integer('position').notNull(),
	description: text('description').notNull(),
	quantity: integer('quantity').notNull(),
	unitMinor: minor('unit_minor').notNull(),
	amountMinor: minor('amount_minor').notNull()
});

export const payment = pgTable('payment', {
	id: id<PaymentId>(),
	...owner,
	invoiceId: uuid('invoice_id').$type<InvoiceId>().notNull(),
	amountMinor: minor('amount_minor').notNull(),
	currency: text('currency').notNull(),
	method: text('method').notNull(),
	reference: text('reference').notNull().default(''),
	paidOn: day('paid_on').notNull(),
	madeByStaffId: uuid('made_by_staff_id').$type<StaffId>(),
	createdAt: instant('created_at').notNull().defaultNow()
});

export const counter = pgTable('counter', {
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	name: text('name').notNull(),
	value: bigint('value', { mode: 'number' }).notNull().default(0)
});
