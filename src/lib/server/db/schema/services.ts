import { bigint, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type {
	AddOnId,
	AgencyId,
	ClientId,
	ContactId,
	ImpersonationId,
	OrderId,
	PackageId,
	ServiceId,
	StaffId
} from '#domain/ids.ts';
import type { IntakeAnswer, IntakeQuestion } from '#domain/intake-kinds.ts';
import type { OrderStatus } from '#domain/order-status.ts';
import type { Charge, ShownFaq } from '#domain/shown-service.ts';
import { id, instant } from './columns.ts';

const ofAgency = { agencyId: uuid('agency_id').$type<AgencyId>().notNull() };
const ofClient = { ...ofAgency, clientId: uuid('client_id').$type<ClientId>().notNull() };
const minor = (name: string) => bigint(name, { mode: 'number' });

/** Whose account it stands under, and who really did it. */
const maker = {
	madeByContactId: uuid('made_by_contact_id').$type<ContactId>(),
	madeByStaffId: uuid('made_by_staff_id').$type<StaffId>(),
	impersonationId: uuid('impersonation_id').$type<ImpersonationId>()
};

export type StoredTask = {
	title: string;
	description: string;
	waitingOn: 'client' | 'agency';
	dueAfterDays: number | null;
	visible: boolean;
};

export const service = pgTable('service', {
	id: id<ServiceId>(),
	...ofAgency,
	name: text('name').notNull(),
	category: text('category').notNull().default(''),
	summary: text('summary').notNull().default(''),
	description: text('description').notNull().default(''),
	faq: jsonb('faq').$type<ShownFaq[]>().notNull().default([]),
	intake: jsonb('intake').$type<IntakeQuestion[]>().notNull().default([]),
	defaultTasks: jsonb('default_tasks').$type<StoredTask[]>().notNull().default([]),
	status: text('status').$type<'draft' | 'published' | 'archived'>().notNull().default('draft'),
	visibleTo: text('visible_to').$type<'all' | 'chosen'>().notNull().default('all'),
	position: integer('position').notNull().default(0),
	createdAt: instant('created_at').notNull().defaultNow(),
	updatedAt: instant('updated_at').notNull().defaultNow()
});

const priced = {
	...ofAgency,
	serviceId: uuid('service_id').$type<ServiceId>().notNull(),
	name: text('name').notNull(),
	description: text('description').notNull().default(''),
	priceMinor: minor('price_minor').notNull(),
	currency: text('currency').notNull(),
	maxQuantity: integer('max_quantity').notNull().default(1),
	position: integer('position').notNull().default(0),
	archivedAt: instant('archived_at')
};

export const servicePackage = pgTable('service_package', {
	id: id<PackageId>(),
	...priced,
	features: text('features').array().notNull().default([]),
	billing: text('billing').$type<Charge>().notNull().default('once')
});

export const serviceAddOn = pgTable('service_add_on', { id: id<AddOnId>(), ...priced });

export const serviceClient = pgTable(
	'service_client',
	{
		serviceId: uuid('service_id').$type<ServiceId>().notNull(),
		clientId: uuid('client_id').$type<ClientId>().notNull(),
		...ofAgency
	},
	(row) => [primaryKey({ columns: [row.serviceId, row.clientId] })]
);

export const clientOrder = pgTable('client_order', {
	id: id<OrderId>(),
	...ofClient,
	number: text('number').notNull(),
	serviceId: uuid('service_id').$type<ServiceId>(),
	packageId: uuid('package_id').$type<PackageId>(),
	serviceName: text('service_name').notNull(),
	packageName: text('package_name').notNull(),
	billing: text('billing').$type<Charge>().notNull().default('once'),
	intake: jsonb('intake').$type<IntakeAnswer[]>().notNull().default([]),
	status: text('status').$type<OrderStatus>().notNull().default('pending'),
	currency: text('currency').notNull(),
	taxRateBp: integer('tax_rate_bp').notNull().default(0),
	subtotalMinor: minor('subtotal_minor').notNull(),
	taxMinor: minor('tax_minor').notNull(),
	totalMinor: minor('total_minor').notNull(),
	cancelReason: text('cancel_reason'),
	...maker,
	createdAt: instant('created_at').notNull().defaultNow(),
	updatedAt: instant('updated_at').notNull().defaultNow()
});

export const clientOrderLine = pgTable('client_order_line', {
	id: id<string>(),
	orderId: uuid('order_id').$type<OrderId>().notNull(),
	position: integer('position').notNull(),
	description: text('description').notNull(),
	quantity: integer('quantity').notNull().default(1),
	unitMinor: minor('unit_minor').notNull(),
	amountMinor: minor('amount_minor').notNull()
});

export const clientOrderStep = pgTable('client_order_step', {
	id: id<string>(),
	...ofClient,
	orderId: uuid('order_id').$type<OrderId>().notNull(),
	status: text('status').$type<OrderStatus>().notNull(),
	note: text('note').notNull().default(''),
	...maker,
	createdAt: instant('created_at').notNull().defaultNow()
});
