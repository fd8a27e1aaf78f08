import { bigint, boolean, date, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type {
	AgencyId,
	ClientId,
	ContactId,
	FileId,
	FolderId,
	ImpersonationId,
	OrderId,
	StaffId,
	TaskId
} from '#domain/ids.ts';
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

export const task = pgTable('task', {
	id: id<TaskId>(),
	...owner,
	title: text('title').notNull(),
	description: text('description').notNull().default(''),
	status: text('status').$type<'open' | 'done'>().notNull().default('open'),
	waitingOn: text('waiting_on').$type<'client' | 'agency'>().notNull().default('agency'),
	dueOn: date('due_on', { mode: 'string' }),
	clientVisible: boolean('client_visible').notNull().default(true),
	orderId: uuid('order_id').$type<OrderId>(),
	assigneeStaffId: uuid('assignee_staff_id').$type<StaffId>(),
	...maker,
	createdAt: instant('created_at').notNull().defaultNow(),
	updatedAt: instant('updated_at').notNull().defaultNow(),
	completedAt: instant('completed_at')
});

export const taskComment = pgTable('task_comment', {
	id: id<string>(),
	...owner,
	taskId: uuid('task_id').$type<TaskId>().notNull(),
	body: text('body').notNull(),
	...maker,
	createdAt: instant('created_at').notNull().defaultNow()
});

export const folder = pgTable('folder', {
	id: id<FolderId>(),
	...owner,
	parentId: uuid('parent_id').$type<FolderId>(),
	name: text('name').notNull(),
	createdAt: instant('created_at').notNull().defaultNow()
});

export const file = pgTable('file', {
	id: id<FileId>(),
	...owner,
	folderId: uuid('folder_id').$type<FolderId>(),
	taskId: uuid('task_id').$type<TaskId>(),
	name: text('name').notNull(),
	mediaType: text('media_type').notNull(),
	bytes: bigint('bytes', { mode: 'number' }).notNull(),
	sha256: text('sha256').notNull(),
	blobKey: text('blob_key').notNull(),
	...maker,
	createdAt: instant('created_at').notNull().defaultNow(),
	deletedAt: instant('deleted_at')
});
