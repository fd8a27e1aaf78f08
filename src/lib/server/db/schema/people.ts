import { boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { AgencyId, ClientId, ContactId, StaffId } from '#domain/ids.ts';
import type { Sidebar } from '#domain/menu.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import { bytea, id, instant } from './columns.ts';

export const agency = pgTable('agency', {
	id: id<AgencyId>(),
	name: text('name').notNull(),
	policy: jsonb('policy').notNull().default({}),
	portalSetup: jsonb('portal_setup').$type<PortalSetup>().notNull().default({}),
	accent: text('accent'),
	address: text('address').notNull().default(''),
	taxId: text('tax_id').notNull().default(''),
	currency: text('currency').notNull().default('EUR'),
	taxRateBp: integer('tax_rate_bp').notNull().default(0),
	paymentDays: integer('payment_days').notNull().default(14),
	paymentNote: text('payment_note').notNull().default(''),
	createdAt: instant('created_at').notNull().defaultNow()
});

export const role = pgTable('role', {
	id: id<string>(),
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	key: text('key').notNull(),
	name: text('name').notNull(),
	permissions: text('permissions').array().notNull(),
	builtIn: boolean('built_in').notNull().default(false),
	sidebar: jsonb('sidebar').$type<Sidebar>().notNull().default({})
});

export const staff = pgTable('staff', {
	id: id<StaffId>(),
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	roleId: uuid('role_id').notNull(),
	name: text('name').notNull(),
	email: text('email').notNull(),
	emailVerified: boolean('email_verified').notNull().default(true),
	image: text('image'),
	active: boolean('active').notNull().default(true),
	granted: text('granted').array().notNull().default([]),
	withdrawn: text('withdrawn').array().notNull().default([]),
	twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
	createdAt: instant('created_at').notNull().defaultNow(),
	updatedAt: instant('updated_at').notNull().defaultNow()
});

export const client = pgTable('client', {
	id: id<ClientId>(),
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	name: text('name').notNull(),
	status: text('status').$type<'active' | 'inactive' | 'archived'>().notNull().default('active'),
	industry: text('industry'),
	website: text('website'),
	phone: text('phone'),
	address: text('address').notNull().default(''),
	taxId: text('tax_id').notNull().default(''),
	internalNote: text('internal_note').notNull().default(''),
	archivedAt: instant('archived_at'),
	erasedAt: instant('erased_at'),
	optedOut: boolean('opted_out').notNull().default(false),
	portalSetup: jsonb('portal_setup').$type<PortalSetup>().notNull().default({}),
	createdAt: instant('created_at').notNull().defaultNow()
});

export const clientAssignment = pgTable(
	'client_assignment',
	{
		clientId: uuid('client_id').$type<ClientId>().notNull(),
		staffId: uuid('staff_id').$type<StaffId>().notNull()
	},
	(t) => [primaryKey({ columns: [t.clientId, t.staffId] })]
);

export const contact = pgTable('contact', {
	id: id<ContactId>(),
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	clientId: uuid('client_id').$type<ClientId>().notNull(),
	name: text('name').notNull(),
	email: text('email').notNull(),
	emailVerified: boolean('email_verified').notNull().default(true),
	image: text('image'),
	jobTitle: text('job_title'),
	isOwner: boolean('is_owner').notNull().default(false),
	rights: text('rights').array().notNull().default([]),
	active: boolean('active').notNull().default(true),
	lastSignInAt: instant('last_sign_in_at'),
	twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
	createdAt: instant('created_at').notNull().defaultNow(),
	updatedAt: instant('updated_at').notNull().defaultNow()
});

export const setupLink = pgTable('setup_link', {
	tokenHash: bytea('token_hash').primaryKey(),
	createdAt: instant('created_at').notNull().defaultNow(),
	usedAt: instant('used_at')
});
