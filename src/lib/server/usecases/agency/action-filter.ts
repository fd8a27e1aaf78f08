// How the action log is filtered, shared by the page and its export.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { ACTIONS, COMINGS, type ActionName } from '#domain/actions.ts';
import { isUuid } from '#domain/ids.ts';
import { isZone, zonedDay } from '#domain/zoned-day.ts';

const id = z.string().refine(isUuid).optional().catch(undefined);
const day = z.iso.date().optional().catch(undefined);
/** A row's number as text: it may pass what a JavaScript number holds exactly. */
const seq = z
	.string()
	.regex(/^[0-9]{1,18}$/)
	.optional()
	.catch(undefined);
const names = Object.keys(ACTIONS) as [ActionName, ...ActionName[]];

/** Instead of a staff member: what contacts did themselves, and what the program did by the clock. */
const ACTOR_KINDS = { contacts: 'client', system: 'system' } as const;
const isActorKind = (text: string): text is keyof typeof ACTOR_KINDS => text in ACTOR_KINDS;

/** The log's address; what makes no sense is left out, never an error. */
export const actionFilters = z.object({
	client: id,
	actor: z
		.string()
		.refine((text) => isUuid(text) || isActorKind(text))
		.optional()
		.catch(undefined),
	action: z.enum(names).optional().catch(undefined),
	outcome: z.enum(['done', 'refused']).optional().catch(undefined),
	/** `1`: without who signed in and out, which would fill a list of the latest. */
	deeds: z.literal('1').optional().catch(undefined),
	impersonation: id,
	/** One record: all that was done to it. */
	about: id,
	from: day,
	to: day,
	/** Whose days these are; UTC's where nothing says. */
	zone: z.string().max(64).refine(isZone).optional().catch(undefined),
	/** Rows older than this number. */
	before: seq,
	/** Rows newer than this number: the page above. */
	after: seq
});
export type ActionFilters = z.infer<typeof actionFilters>;

// Kind and outcome stand in the text: an index over one of them is chosen only where the planner sees which is meant.
const actorIs = (actor: string): SQL =>
	isActorKind(actor)
		? sql`a.actor_kind = ${sql.raw(`'${ACTOR_KINDS[actor]}'`)}`
		: sql`a.actor_staff_id = ${actor}`;

/**
 * A day is turned into the number of its first row: rows stand in the order of their time, and the log is read by number.
 * @param instant in s since the epoch
 */
const firstAt = (agencyId: string, instant: number): SQL =>
	sql`(SELECT x.seq FROM action x WHERE x.agency_id = ${agencyId} AND x.at >= to_timestamp(${instant}::float8) ORDER BY x.at LIMIT 1)`;
const NOT_DEEDS = sql`ARRAY[${sql.join(
	COMINGS.map((name) => sql`${name}`),
	sql`, `
)}]::text[]`;
const LAST = sql`9223372036854775807`;

/** The condition on `action a`. */
export function actionsWhere(agencyId: string, f: ActionFilters): SQL {
	const zone = f.zone ?? 'UTC';
	const parts = [
		sql`a.agency_id = ${agencyId}`,
		f.client && sql`a.client_id = ${f.client}`,
		f.actor && actorIs(f.actor),
		f.action && sql`a.action = ${f.action}`,
		f.deeds && sql`a.action <> ALL(${NOT_DEEDS})`,
		f.outcome && sql`a.outcome = ${sql.raw(`'${f.outcome}'`)}`,
		f.impersonation && sql`a.impersonation_id = ${f.impersonation}`,
		f.about && sql`a.subject_id = ${f.about}`,
		f.from && sql`a.seq >= ${firstAt(agencyId, zonedDay(f.from, zone).begins)}`,
		f.to && sql`a.seq < COALESCE(${firstAt(agencyId, zonedDay(f.to, zone).ends)}, ${LAST})`
	].filter((part): part is SQL => typeof part === 'object');
	return sql.join(parts, sql` AND `);
}

/** Whether nothing but the agency is asked for. */
export const isWhole = ({ before: _before, after: _after, zone: _zone, ...rest }: ActionFilters): boolean =>
	Object.values(rest).every((value) => value === undefined);
