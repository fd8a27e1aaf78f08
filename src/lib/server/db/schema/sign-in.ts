// The sign-in library's tables, once for staff and once for contacts. Its field names are the keys here.
import { bigint, boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

function signInTables<Side extends 'staff' | 'contact'>(side: Side) {
	return {
		session: pgTable(`${side}_session`, {
			id: uuid('id').primaryKey(),
			userId: uuid('user_id').notNull(),
			token: text('token').notNull(),
			expiresAt: instant('expires_at').notNull(),
			ipAddress: text('ip_address'),
			userAgent: text('user_agent'),
			createdAt: instant('created_at').notNull().defaultNow(),
			updatedAt: instant('updated_at').notNull().defaultNow()
		}),
		account: pgTable(`${side}_account`, {
			id: uuid('id').primaryKey(),
			userId: uuid('user_id').notNull(),
			accountId: text('account_id').notNull(),
			providerId: text('provider_id').notNull(),
			accessToken: text('access_token'),
			refreshToken: text('refresh_token'),
			idToken: text('id_token'),
			accessTokenExpiresAt: instant('access_token_expires_at'),
			refreshTokenExpiresAt: instant('refresh_token_expires_at'),
			scope: text('scope'),
			password: text('password'),
			createdAt: instant('created_at').notNull().defaultNow(),
			updatedAt: instant('updated_at').notNull().defaultNow()
		}),
		verification: pgTable(`${side}_verification`, {
			id: uuid('id').primaryKey(),
			identifier: text('identifier').notNull(),
			value: text('value').notNull(),
			expiresAt: instant('expires_at').notNull(),
			createdAt: instant('created_at').notNull().defaultNow(),
			updatedAt: instant('updated_at').notNull().defaultNow()
		}),
		twoFactor: pgTable(`${side}_two_factor`, {
			id: uuid('id').primaryKey(),
			userId: uuid('user_id').notNull(),
			secret: text('secret').notNull(),
			backupCodes: text('backup_codes').notNull(),
			verified: boolean('verified').notNull().default(true),
			failedVerificationCount: integer('failed_verification_count').notNull().default(0),
			lockedUntil: instant('locked_until')
		}),
		rateLimit: pgTable(`${side}_rate_limit`, {
			id: uuid('id').primaryKey(),
			key: text('key').notNull(),
			count: integer('count').notNull(),
			lastRequest: bigint('last_request', { mode: 'number' }).notNull()
		})
	};
}

const staffSide = signInTables('staff');
const contactSide = signInTables('contact');

export const staffSession = staffSide.session;
export const staffAccount = staffSide.account;
export const staffVerification = staffSide.verification;
export const staffTwoFactor = staffSide.twoFactor;
export const staffRateLimit = staffSide.rateLimit;
export const contactSession = contactSide.session;
export const contactAccount = contactSide.account;
export const contactVerification = contactSide.verification;
export const contactTwoFactor = contactSide.twoFactor;
export const contactRateLimit = contactSide.rateLimit;
