import { bigint, boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { EndReason } from '#domain/impersonation.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId, PageId, StaffId } from '#domain/ids.ts';
import type { MaskingProfile } from '#domain/masking.ts';
import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import { bytea, id, instant } from './columns.ts';

const agencyId = () => uuid('agency_id').$type<AgencyId>().notNull();
const impersonationId = () => uuid('impersonation_id').$type<ImpersonationId>();

export const impersonation = pgTable('impersonation', {
	id: id<ImpersonationId>(),
	agencyId: agencyId(),
	clientId: uuid('client_id').$type<ClientId>().notNull(),
	contactId: uuid('contact_id').$type<ContactId>().notNull(),
	staffId: uuid('staff_id').$type<StaffId>().notNull(),
	staffSessionId: uuid('staff_session_id').notNull(),
	mode: text('mode').$type<Mode>().notNull(),
	reason: text('reason').$type<Reason>().notNull(),
	details: text('details').notNull().default(''),
	ticket: text('ticket'),
	state: text('state').$type<'pending' | 'active' | 'ended'>().notNull().default('pending'),
	codeHash: bytea('code_hash').notNull(),
	codeExpiresAt: instant('code_expires_at').notNull(),
	tokenHash: bytea('token_hash'),
	createdAt: instant('created_at').notNull().defaultNow(),
	startedAt: instant('started_at'),
	expiresAt: instant('expires_at').notNull(),
	idleLimitMs: integer('idle_limit_ms').notNull(),
	restartedFrom: uuid('restarted_from').$type<ImpersonationId>(),
	returnTo: text('return_to').notNull(),
	enterAt: text('enter_at').notNull().default('/'),
	frozenAt: instant('frozen_at'),
	frozenBy: uuid('frozen_by').$type<StaffId>(),
	freezeNote: text('freeze_note'),
	/** Only looking is allowed until a supervisor says otherwise. */
	viewOnlyAt: instant('view_only_at'),
	viewOnlyBy: uuid('view_only_by').$type<StaffId>(),
	/** The one inside asks for help. */
	handRaisedAt: instant('hand_raised_at'),
	handNote: text('hand_note'),
	endedAt: instant('ended_at'),
	endReason: text('end_reason').$type<EndReason>(),
	endedBy: uuid('ended_by').$type<StaffId>(),
	/** There are no pictures of it any more, or there were none when its days were over. */
	erasedAt: instant('erased_at')
});

export const impersonationPulse = pgTable('impersonation_pulse', {
	impersonationId: impersonationId().primaryKey(),
	lastActivityAt: instant('last_activity_at').notNull().defaultNow()
});

export const page = pgTable('page', {
	id: id<PageId>(),
	agencyId: agencyId(),
	impersonationId: impersonationId().notNull(),
	openedAt: instant('opened_at').notNull().defaultNow(),
	address: text('address').notNull(),
	title: text('title').notNull().default(''),
	masking: text('masking').$type<MaskingProfile>().notNull().default('personal'),
	maskingVersion: integer('masking_version').notNull().default(1),
	snapshotAt: instant('snapshot_at'),
	lastBeatAt: instant('last_beat_at'),
	closedAt: instant('closed_at'),
	/** Its key is destroyed; `removedAt` when its bytes are gone too. */
	erasedAt: instant('erased_at'),
	removedAt: instant('removed_at'),
	sealedSeq: integer('sealed_seq').notNull().default(-1),
	sealFailures: integer('seal_failures').notNull().default(0),
	indexedSeq: integer('indexed_seq').notNull().default(-1),
	indexFailures: integer('index_failures').notNull().default(0),
	indexedChars: integer('indexed_chars').notNull().default(0),
	indexedRows: integer('indexed_rows').notNull().default(0),
	/** Whether it was noted when something masked stood on its screen: from its first block on, or not at all. */
	masksKnown: boolean('masks_known').notNull().default(true),
	firstEventAt: instant('first_event_at'),
	lastEventAt: instant('last_event_at'),
	events: integer('events').notNull().default(0),
	bytes: bigint('bytes', { mode: 'number' }).notNull().default(0)
});

export const view = pgTable('view', {
	id: id<string>(),
	agencyId: agencyId(),
	impersonationId: impersonationId().notNull(),
	pageId: uuid('page_id').$type<PageId>(),
	at: instant('at').notNull(),
	kind: text('kind').$type<'page' | 'data' | 'file'>().notNull(),
	address: text('address').notNull(),
	subjectType: text('subject_type'),
	subjectId: uuid('subject_id'),
	subjectLabel: text('subject_label'),
	status: integer('status').notNull()
});

export const watch = pgTable('watch', {
	id: id<string>(),
	agencyId: agencyId(),
	impersonationId: impersonationId().notNull(),
	staffId: uuid('staff_id').$type<StaffId>().notNull(),
	hubId: uuid('hub_id').notNull(),
	joinedAt: instant('joined_at').notNull().defaultNow(),
	leftAt: instant('left_at')
});
