// What the list of recordings can be narrowed to and put in order by, as it stands in an address.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { ACTIONS, type ActionName } from '#domain/actions.ts';
import { isUuid } from '#domain/ids.ts';
import { MODES, REASONS, type Reason } from '#domain/modes-and-reasons.ts';
import { AREAS, type AreaKey } from '#domain/portal-elements.ts';
import { VERDICT_KEYS } from '#domain/review.ts';
import { isZone, zonedDay } from '#domain/zoned-day.ts';
import { PLANNED_ANEW } from '#server/db/prepared-client.ts';
import { readTerms } from '#server/recordings/search-words.ts';
import { containing } from '../agency/require-reader.ts';
import { bothWays, sortIn } from '../agency/orders-of-list.ts';
import { MAX_TYPED, seenWhere, type Seeker } from './seen-filters.ts';

/** Which plan is best depends on what is looked for. */
const PLANNED = sql.raw(PLANNED_ANEW);

const id = z.string().refine(isUuid).optional().catch(undefined);
/** A date as a date field sends it. Anything else in the address is as if it were not there. */
const day = z.iso.date().optional().catch(undefined);
const yes = z.literal('1').optional().catch(undefined);
const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>) => Object.keys(record) as [K, ...K[]];

/** By client means by their name, and within one by time. One that runs has no length yet. */
export const RECORDING_ORDERS = {
	...bothWays({ when: 'i.created_at', length: '(i.ended_at - i.started_at)' }, 'i.id'),
	...bothWays({ risk: 'r.risk' }, 'r.impersonation_id'),
	client: sql`lower(c.name), c.id, i.created_at DESC, i.id`,
	'-client': sql`lower(c.name) DESC, c.id DESC, i.created_at DESC, i.id`
};

/** Lengths that are asked for, in minutes. */
const LENGTHS = ['5', '15', '30'] as const;
/** From which risk on. */
const RISK_FROM = { high: 60, medium: 30, some: 1 } as const;

/** Filters as they stand in an address; what makes no sense is left out, never an error. */
export const recordingFilters = z.object({
	client: id,
	staff: id,
	mode: z.enum(MODES).optional().catch(undefined),
	reason: z.enum(keysOf<Reason>(REASONS)).optional().catch(undefined),
	ticket: z
		.string()
		.transform((text) => text.replaceAll('\0', '').trim().slice(0, 80) || undefined)
		.optional()
		.catch(undefined),
	/** Words that could be read on its pages: asking for them is a search, which is logged (find-recordings). */
	seen: z
		.string()
		.transform((text) => text.replaceAll('\0', '').trim().slice(0, MAX_TYPED) || undefined)
		.optional()
		.catch(undefined),
	/** Something of this name was done or tried inside. */
	did: z.enum(keysOf<ActionName>(ACTIONS)).optional().catch(undefined),
	/** A page of this area was opened. */
	area: z.enum(keysOf<AreaKey>(AREAS)).optional().catch(undefined),
	risk: z.enum(keysOf<keyof typeof RISK_FROM>(RISK_FROM)).optional().catch(undefined),
	length: z.enum(LENGTHS).optional().catch(undefined),
	/** `waits`: for a verdict; `done`: has any; else that one. */
	review: z
		.enum(['waits', 'done', ...VERDICT_KEYS])
		.optional()
		.catch(undefined),
	incomplete: yes,
	held: yes,
	from: day,
	to: day,
	/** Whose days these are; UTC's where nothing says. */
	zone: z.string().max(64).refine(isZone).optional().catch(undefined),
	refused: yes,
	sort: sortIn(RECORDING_ORDERS, '-when'),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type RecordingFilters = z.infer<typeof recordingFilters>;

/**
 * Gathered by its index where it is rare, looked up in one stay after the other where most have it. Attack: as a condition on each
 * stay, something that was never done would be looked for in all of them, at each call.
 */
const withAction = (
	agencyId: string,
	name: string
) => sql`i.id IN (${PLANNED} SELECT x.impersonation_id FROM action x
	WHERE x.agency_id = ${agencyId} AND x.action = ${name} AND x.actor_kind = 'impersonation')`;

/** The same of anything that was refused. */
const withRefusal = (agencyId: string) => sql`i.id IN (${PLANNED} SELECT x.impersonation_id FROM action x
	WHERE x.agency_id = ${agencyId} AND x.outcome = 'refused' AND x.actor_kind = 'impersonation')`;

/** Hardly any are: as a condition on each stay, a hold would be looked for in all of them. */
const isHeld = (
	agencyId: string
) => sql`i.id IN (${PLANNED} SELECT h.impersonation_id FROM recording_hold h WHERE h.agency_id = ${agencyId}
	UNION ALL SELECT x.id FROM client_hold h JOIN impersonation x ON x.client_id = h.client_id WHERE h.agency_id = ${agencyId})`;

const isIncomplete = (agencyId: string) => sql`i.id IN (${PLANNED} SELECT r.impersonation_id FROM review r
	WHERE r.agency_id = ${agencyId} AND r.is_incomplete)`;

/** By the index of what was seen, whichever of its rows. */
function wasSeen(seeker: Seeker, { seen, client, staff }: RecordingFilters): SQL | undefined {
	const terms = readTerms(seen ?? '');
	if (terms.length === 0) return undefined;
	const { all } = seenWhere(seeker, { q: '', page: 1, client, staff }, terms);
	return sql`i.id IN (${PLANNED} SELECT s.impersonation_id FROM seen_text s WHERE ${all})`;
}

/** An area is the first part of the path, as its index has it (0039-found-inside.sql). */
const withArea = (
	agencyId: string,
	key: AreaKey
) => sql`i.id IN (${PLANNED} SELECT v.impersonation_id FROM view v
	WHERE v.agency_id = ${agencyId} AND v.status < 400
		AND split_part(split_part(split_part(v.address, '?', 1), '#', 1), '/', 2) = ${AREAS[key].href.slice(1)})`;

/** Looked up in the review of one impersonation after the other. */
const ofReview = (condition: SQL) =>
	sql`EXISTS (SELECT FROM review r WHERE r.impersonation_id = i.id AND ${condition})`;

function reviewIs(review: NonNullable<RecordingFilters['review']>): SQL {
	if (review === 'waits') return ofReview(sql`r.is_queued AND r.verdict IS NULL`);
	return ofReview(review === 'done' ? sql`r.verdict IS NOT NULL` : sql`r.verdict = ${review}`);
}

const ofStay = (f: RecordingFilters): (SQL | undefined)[] => [
	f.client ? sql`i.client_id = ${f.client}` : undefined,
	f.staff ? sql`i.staff_id = ${f.staff}` : undefined,
	f.mode && sql`i.mode = ${f.mode}`,
	f.reason && sql`i.reason = ${f.reason}`,
	f.ticket ? sql`${PLANNED} i.ticket ILIKE ${containing(f.ticket)}` : undefined,
	f.length && sql`i.ended_at - i.started_at >= make_interval(mins => ${Number(f.length)}::int)`
];

const BY_CLIENT: ReadonlySet<RecordingFilters['sort']> = new Set(['client', '-client']);
const BY_RISK: ReadonlySet<RecordingFilters['sort']> = new Set(['risk', '-risk']);

/** Always within one agency. By risk only what has one: what runs has none yet. */
export function recordingsWhere(seeker: Seeker, f: RecordingFilters): SQL {
	const { agencyId } = seeker;
	const zone = f.zone ?? 'UTC';
	const parts = [
		sql`i.agency_id = ${agencyId} AND i.state <> 'pending' AND EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id)`,
		...ofStay(f),
		f.from ? sql`i.created_at >= to_timestamp(${zonedDay(f.from, zone).begins}::float8)` : undefined,
		f.to ? sql`i.created_at < to_timestamp(${zonedDay(f.to, zone).ends}::float8)` : undefined,
		f.seen && wasSeen(seeker, f),
		f.refused && withRefusal(agencyId),
		f.did && withAction(agencyId, f.did),
		f.area && withArea(agencyId, f.area),
		f.risk && ofReview(sql`r.risk >= ${RISK_FROM[f.risk]}`),
		f.review && reviewIs(f.review),
		f.incomplete && isIncomplete(agencyId),
		BY_RISK.has(f.sort) ? ofReview(sql`true`) : undefined,
		f.held && isHeld(agencyId)
	].filter((part): part is SQL => typeof part === 'object');
	return sql.join(parts, sql` AND `);
}

/**
 * In the list's order. By client: one client after the other in the index of their names, by risk: one review after the other,
 * until the page is full.
 */
export function shownIds(agencyId: string, filter: SQL, sort: RecordingFilters['sort']): SQL {
	const order = RECORDING_ORDERS[sort];
	if (BY_CLIENT.has(sort))
		return sql`SELECT i.id FROM client c, LATERAL (SELECT i.id, i.created_at FROM impersonation i
			WHERE i.client_id = c.id AND ${filter} ORDER BY i.created_at DESC, i.id) i
			WHERE c.agency_id = ${agencyId} ORDER BY ${order}`;
	if (BY_RISK.has(sort))
		return sql`SELECT i.id FROM review r JOIN impersonation i ON i.id = r.impersonation_id
			WHERE r.agency_id = ${agencyId} AND ${filter} ORDER BY ${order}`;
	return sql`SELECT i.id FROM impersonation i WHERE ${filter} ORDER BY ${order}`;
}
