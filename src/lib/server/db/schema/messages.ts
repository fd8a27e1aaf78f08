import { bigint, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type {
	AgencyId,
	ClientId,
	ContactId,
	MessageId,
	NoticeId,
	OrderId,
	StaffId,
	ThreadId
} from '#domain/ids.ts';
import { id, instant } from './columns.ts';

const owners = {
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	clientId: uuid('client_id').$type<ClientId>().notNull()
};
const makers = {
	madeByContactId: uuid('made_by_contact_id').$type<ContactId>(),
	madeByStaffId: uuid('made_by_staff_id').$type<StaffId>(),
	impersonationId: uuid('impersonation_id')
};

export const thread = pgTable('thread', {
	id: id<ThreadId>(),
	...owners,
	orderId: uuid('order_id').$type<OrderId>(),
	subject: text('subject').notNull(),
	...makers,
	createdAt: instant('created_at').notNull().defaultNow(),
	lastMessageAt: instant('last_message_at').notNull().defaultNow()
});

export const message = pgTable('message', {
	id: id<MessageId>(),
	...owners,
	threadId: uuid('thread_id').$type<ThreadId>().notNull(),
	body: text('body').notNull(),
	...makers,
	createdAt: instant('created_at').notNull().defaultNow()
});

export const threadRead = pgTable(
	'thread_read',
	{
		threadId: uuid('thread_id').$type<ThreadId>().notNull(),
		personId: uuid('person_id').notNull(),
		readAt: instant('read_at').notNull()
	},
	(t) => [primaryKey({ columns: [t.threadId, t.personId] })]
);

export const notice = pgTable('notice', {
	id: id<NoticeId>(),
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	contactId: uuid('contact_id').$type<ContactId>(),
	staffId: uuid('staff_id').$type<StaffId>(),
	seq: bigint('seq', { mode: 'number' }).notNull(),
	category: text('category').notNull(),
	title: text('title').notNull(),
	body: text('body').notNull().default(''),
	href: text('href').notNull(),
	createdAt: instant('created_at').notNull().defaultNow(),
	readAt: instant('read_at')
});
