// What a search over what was seen can be narrowed to, as it stands in an address; what makes no sense is left out, never an error.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import { isZone, zonedDay } from '#domain/zoned-day.ts';
import { queryOf, type Term } from '#server/recordings/search-words.ts';
import { isWatchedBy } from './require-watched.ts';

/** Recordings of one page of answers. */
export const SEEN_PAGE_SIZE = 25;

/** Rows of the index that are taken for an answer, the latest first: who wants older ones narrows the search. */
export const MAX_ROWS = 500;

export const MAX_TYPED = 200;

const id = z.string().refine(isUuid).optional().catch(undefined);
const day = z.iso.date().optional().catch(undefined);

export const seenFilters = z.object({
	q: z
		.string()
		.transform((typed) => typed.replaceAll('\0', '').trim().slice(0, MAX_TYPED))
		.catch('')
		.default(''),
	client: id,
	staff: id,
	/** One impersonation: all of its moments. */
	recording: id,
	from: day,
	to: day,
	/** Whose days these are; UTC's where nothing says. */
	zone: z.string().max(64).refine(isZone).optional().catch(undefined),
	page: z.coerce
		.number()
		.int()
		.min(1)
		.max(MAX_ROWS / SEEN_PAGE_SIZE)
		.catch(1)
});
export type SeenFilters = z.infer<typeof seenFilters>;

/** Which rows `s` of the index are asked for: by agency and time, and of these by words. */
export type SeenWhere = { within: SQL; all: SQL };

/** Who asks. */
export type Seeker = Pick<StaffActor, 'agencyId' | 'staffId'>;

/**
 * Attack: the index holds a screen half a minute after it was shown; who asks it again and again reads along in a session that runs, and
 * the banner names nobody. So until its end it is found by those only who watch it, as require-watched.ts has it. Few run at once.
 */
const isShown = (seeker: Seeker): SQL => sql`s.impersonation_id <> ALL (ARRAY(SELECT i.id FROM impersonation i
	WHERE i.agency_id = ${seeker.agencyId} AND i.state = 'active' AND NOT ${isWatchedBy(seeker)}))`;

/** Always within one agency: by its column, whatever the words say. */
export function seenWhere(seeker: Seeker, f: SeenFilters, terms: readonly Term[]): SeenWhere {
	const { agencyId } = seeker;
	const owners = [`'a:${agencyId}'`, f.client && `'c:${f.client}'`, f.staff && `'s:${f.staff}'`];
	const query = [...owners.filter(Boolean).map((one) => one?.toLowerCase()), queryOf(terms)].join(' & ');
	const zone = f.zone ?? 'UTC';
	const parts = [
		sql`s.agency_id = ${agencyId} AND ${isShown(seeker)}`,
		f.recording && sql`s.impersonation_id = ${f.recording}`,
		f.from && sql`s.from_at >= to_timestamp(${zonedDay(f.from, zone).begins}::float8)`,
		f.to && sql`s.from_at < to_timestamp(${zonedDay(f.to, zone).ends}::float8)`
	].filter((part): part is SQL => typeof part === 'object');
	const within = sql.join(parts, sql` AND `);
	return { within, all: sql`${within} AND s.words @@ ${query}::tsquery` };
}
