import { boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { AgencyId, ImpersonationId, PageId } from '#domain/ids.ts';
import { bytea, id, instant } from './columns.ts';

const agencyId = () => uuid('agency_id').$type<AgencyId>().notNull();

export const recordingKey = pgTable('recording_key', {
	impersonationId: uuid('impersonation_id').$type<ImpersonationId>().primaryKey(),
	agencyId: agencyId(),
	wrapped: bytea('wrapped').notNull(),
	createdAt: instant('created_at').notNull().defaultNow()
});

export const pageDictionary = pgTable('page_dictionary', {
	pageId: uuid('page_id').$type<PageId>().primaryKey(),
	agencyId: agencyId(),
	hash: bytea('hash').notNull(),
	bytes: integer('bytes').notNull(),
	blobKey: text('blob_key').notNull()
});

export const block = pgTable('block', {
	id: id<string>(),
	agencyId: agencyId(),
	impersonationId: uuid('impersonation_id').$type<ImpersonationId>().notNull(),
	pageId: uuid('page_id').$type<PageId>().notNull(),
	firstSeq: integer('first_seq').notNull(),
	lastSeq: integer('last_seq').notNull(),
	events: integer('events').notNull(),
	bytes: integer('bytes').notNull(),
	fromAt: instant('from_at').notNull(),
	toAt: instant('to_at').notNull(),
	checkpoint: text('checkpoint').notNull(),
	activity: bytea('activity').notNull(),
	batchHash: bytea('batch_hash').notNull(),
	objectHash: bytea('object_hash').notNull(),
	blobKey: text('blob_key').notNull(),
	isCompact: boolean('is_compact').notNull().default(false),
	sealedAt: instant('sealed_at').notNull().defaultNow()
});

export const unnamedObject = pgTable('unnamed_object', {
	blobKey: text('blob_key').primaryKey(),
	dueAt: instant('due_at').notNull()
});
