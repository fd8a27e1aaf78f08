import { bigint, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { AgencyId, ClientId, ContactId, ImpersonationId, PageId, StaffId } from '#domain/ids.ts';
import { bytea, id, instant } from './columns.ts';

const seq = () => bigint('seq', { mode: 'bigint' });

export const action = pgTable('action', {
	seq: seq().primaryKey(),
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	at: instant('at').notNull(),
	clientId: uuid('client_id').$type<ClientId>(),
	contactId: uuid('contact_id').$type<ContactId>(),
	actorKind: text('actor_kind').$type<'staff' | 'client' | 'impersonation' | 'system'>().notNull(),
	actorStaffId: uuid('actor_staff_id').$type<StaffId>(),
	impersonationId: uuid('impersonation_id').$type<ImpersonationId>(),
	pageId: uuid('page_id').$type<PageId>(),
	action: text('action').notNull(),
	subjectType: text('subject_type'),
	subjectId: uuid('subject_id'),
	outcome: text('outcome').$type<'done' | 'refused'>().notNull(),
	refusal: text('refusal'),
	detailsHash: bytea('details_hash').notNull(),
	previousHash: bytea('previous_hash').notNull(),
	hash: bytea('hash').notNull()
});

export const actionDetails = pgTable('action_details', {
	seq: seq().primaryKey(),
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	clientId: uuid('client_id').$type<ClientId>(),
	salt: bytea('salt').notNull(),
	details: text('details').notNull()
});

export const chainHead = pgTable('chain_head', {
	agencyId: uuid('agency_id').$type<AgencyId>().primaryKey(),
	seq: seq().notNull(),
	rows: bigint('rows', { mode: 'bigint' }).notNull(),
	hash: bytea('hash').notNull()
});

export const signingKey = pgTable('signing_key', {
	id: id<string>(),
	publicKey: text('public_key').notNull(),
	createdAt: instant('created_at').notNull().defaultNow()
});

export const signedHead = pgTable('signed_head', {
	id: id<string>(),
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	seq: seq().notNull(),
	rows: bigint('rows', { mode: 'bigint' }).notNull(),
	hash: bytea('hash').notNull(),
	signedAt: instant('signed_at').notNull(),
	keyId: uuid('key_id').notNull(),
	signature: bytea('signature').notNull()
});

export const outbox = pgTable('outbox', {
	id: bigint('id', { mode: 'bigint' }).generatedAlwaysAsIdentity().primaryKey(),
	kind: text('kind').$type<'job' | 'signal'>().notNull(),
	payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
	createdAt: instant('created_at').notNull().defaultNow()
});
