// What the review queue can be narrowed to, as it stands in an address; what makes no sense is left out, never an error.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import { VERDICT_KEYS } from '#domain/review.ts';
import { RISK_KEYS } from '#domain/risk-words.ts';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import { bothWays } from '../agency/orders-of-list.ts';

export const REVIEWS_PAGE_SIZE = 25;

/** Which plan is best depends on what is looked for. */
const PLANNED = sql.raw(PLANNED_ANEW);

const id = z.string().refine(isUuid).optional().catch(undefined);

/** Each open one follows an index (0029-review.sql); what was done last stands first among what is done. */
const ORDERS = {
	'-risk': sql`r.risk DESC, r.due_at, r.impersonation_id`,
	risk: sql`r.risk, r.due_at DESC, r.impersonation_id DESC`,
	...bothWays({ due: 'r.due_at', done: 'r.reviewed_at' }, 'r.impersonation_id')
};

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>) => Object.keys(record) as [K, ...K[]];

export const REVIEW_SHOWS = ['open', 'mine', 'done'] as const;

export const reviewFilters = z.object({
	/** `open`: waits for anybody's verdict; `mine`: for the reader's. */
	show: z.enum(REVIEW_SHOWS).catch('open').default('open'),
	client: id,
	staff: id,
	why: z.enum(RISK_KEYS).optional().catch(undefined),
	verdict: z.enum(VERDICT_KEYS).optional().catch(undefined),
	late: z.literal('1').optional().catch(undefined),
	/** Without one the usual order of what is shown: `sortOf`. */
	sort: z.enum(keysOf(ORDERS)).optional().catch(undefined),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type ReviewFilters = z.infer<typeof reviewFilters>;

export const OPEN = sql`r.is_queued AND r.verdict IS NULL`;

export function reviewsWhere({ agencyId, staffId }: StaffActor, f: ReviewFilters): SQL {
	const isDone = f.show === 'done';
	const parts = [
		sql`r.agency_id = ${agencyId}`,
		isDone ? sql`r.verdict IS NOT NULL` : OPEN,
		f.show === 'mine' && sql`r.assigned_to = ${staffId}`,
		f.client && sql`r.client_id = ${f.client}`,
		f.staff && sql`r.staff_id = ${f.staff}`,
		// By its index where it is rare, among the others where most have it.
		f.why && sql`${PLANNED} r.why @> ARRAY[${`${isDone ? 'done' : 'open'}:${agencyId}:${f.why}`}]`,
		isDone && f.verdict && sql`r.verdict = ${f.verdict}`,
		!isDone && f.late && sql`r.due_at < clock_timestamp()`
	].filter((part): part is SQL => typeof part === 'object');
	return sql.join(parts, sql` AND `);
}

/** What waits has no verdict yet, and what has one is due no more. */
const NOT_OF: Record<'open' | 'done', ReadonlySet<keyof typeof ORDERS>> = {
	open: new Set(['done', '-done']),
	done: new Set(['due', '-due'])
};

/** The usual order depends on what is shown: what waits by its risk, what is done by when. */
export function sortOf({ show, sort }: ReviewFilters): keyof typeof ORDERS {
	const isDone = show === 'done';
	if (sort && !NOT_OF[isDone ? 'done' : 'open'].has(sort)) return sort;
	return isDone ? '-done' : '-risk';
}

export const orderOf = (filters: ReviewFilters): SQL => ORDERS[sortOf(filters)];
