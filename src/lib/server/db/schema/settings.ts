import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { AgencyId, AnnouncementId, ClientId, StaffId } from '#domain/ids.ts';
import { id, instant } from './columns.ts';

export const announcement = pgTable('announcement', {
	id: id<AnnouncementId>(),
	agencyId: uuid('agency_id').$type<AgencyId>().notNull(),
	clientId: uuid('client_id').$type<ClientId>(),
	title: text('title').notNull(),
	body: text('body').notNull(),
	visibleFrom: instant('visible_from').notNull().defaultNow(),
	visibleUntil: instant('visible_until'),
	madeByStaffId: uuid('made_by_staff_id').$type<StaffId>(),
	createdAt: instant('created_at').notNull().defaultNow(),
	removedAt: instant('removed_at')
});
