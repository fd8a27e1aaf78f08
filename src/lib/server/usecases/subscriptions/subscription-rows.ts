// How a subscription is read as a row of any list, on both sides.
import { sql } from 'drizzle-orm';
import type { SubscriptionId } from '#domain/ids.ts';
import type { Billing } from '#domain/renewal.ts';

export const SUBSCRIPTION_STATUSES = ['active', 'paused', 'ending', 'cancelled'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

export type SubscriptionRow = {
	id: SubscriptionId;
	name: string;
	status: SubscriptionStatus;
	billing: Billing;
	currency: string;
	/** Before tax, each period. */
	priceMinor: number;
	taxRateBp: number;
	nextRenewalOn: string | null;
	/** What it changes to at the next renewal. */
	nextPlan: { name: string; priceMinor: number; currency: string; billing: Billing } | null;
};

export const SUBSCRIPTION_COLUMNS = sql`s.id, s.name, s.status, s.billing, s.currency, s.price_minor::float8 AS "priceMinor",
	s.tax_rate_bp AS "taxRateBp", s.next_renewal_on::text AS "nextRenewalOn",
	(SELECT json_build_object('name', p.name, 'priceMinor', coalesce(s.next_price_minor, p.price_minor),
		'currency', p.currency, 'billing', p.billing)
		FROM service_package p WHERE p.id = s.next_package_id AND p.agency_id = s.agency_id) AS "nextPlan"`;

/** Orders a list can be put in; each has its index (0008-billing.sql). */
export const SUBSCRIPTION_SORTS = {
	'-created': 's.created_at DESC, s.id',
	created: 's.created_at ASC, s.id DESC',
	renewal: 's.next_renewal_on ASC, s.id',
	'-renewal': 's.next_renewal_on DESC, s.id DESC'
} as const;
export type SubscriptionSort = keyof typeof SUBSCRIPTION_SORTS;
