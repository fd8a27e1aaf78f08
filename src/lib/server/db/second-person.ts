// Who is there beside the one inside, read at the moment of asking by the database's clock, and the call for somebody who is not.
// Who counts is domain's to say (zones.ts).
import { sql, type SQL } from 'drizzle-orm';
import type { ImpersonationActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import {
	isAccompanied,
	LOOK_COUNTS_MS,
	ZONE_ACTIONS,
	ZONE_AREAS,
	zoneCall,
	zoneSentence,
	type Witness
} from '#domain/zones.ts';
import type { OutboxItem } from './outbox.ts';
import type { Reader, Tx } from './types.ts';

export type ZoneRow = { staff_id: string; zones: string[]; witnesses: Witness[] };

/**
 * The columns of a `ZoneRow` over `impersonation i` and its `agency a`. Nobody is looked for where nothing is marked. Attack: a watch
 * that a dead hub left open; what it last saw is too old by then, whoever says that it still watches. Attack: whoever has control is
 * inside, too, and would be their own second person.
 */
export const ZONE_COLUMNS = sql`i.staff_id, a.zones, CASE WHEN a.zones = '[]' THEN '[]'::jsonb ELSE COALESCE((
	SELECT jsonb_agg(jsonb_build_object('staffId', w.staff_id, 'active', u.active, 'role', q.permissions, 'granted', u.granted,
		'withdrawn', u.withdrawn, 'lookedMsAgo', (extract(epoch FROM clock_timestamp() - w.looked_at) * 1000)::float8))
	FROM watch w JOIN staff u ON u.id = w.staff_id AND u.agency_id = i.agency_id JOIN role q ON q.id = u.role_id
	WHERE w.impersonation_id = i.id AND w.left_at IS NULL
		AND w.looked_at > clock_timestamp() - make_interval(secs => ${LOOK_COUNTS_MS / 1000})
		AND NOT EXISTS (SELECT FROM control o WHERE o.impersonation_id = i.id AND o.staff_id = w.staff_id AND o.state <> 'asked'
			AND o.until > clock_timestamp())), '[]') END AS witnesses`;

/** What is closed to the one inside for want of a second person. */
export const lockedIn = ({ staff_id: insideId, zones, witnesses }: ZoneRow): readonly string[] =>
	isAccompanied(insideId, witnesses) ? [] : zones;

type WhichStay = Pick<ImpersonationActor, 'agencyId' | 'impersonationId'>;

export async function readLocked(
	reader: Reader,
	{ agencyId, impersonationId }: WhichStay
): Promise<readonly string[]> {
	const [row] = await reader.execute<ZoneRow>(sql`SELECT ${ZONE_COLUMNS}
		FROM impersonation i JOIN agency a ON a.id = i.agency_id WHERE i.id = ${impersonationId} AND i.agency_id = ${agencyId}`);
	return row ? lockedIn(row) : [];
}

/** The refusal; its details name the zone, so that the gate calls somebody there (act.ts). */
export const needsSecond = (zone: string): AppError =>
	new AppError('second_person', zoneSentence(zone), { zone });

const isCallOf = (zones: readonly string[]): SQL =>
	sql`hand_note IN (SELECT jsonb_array_elements_text(${JSON.stringify(zones.map(zoneCall))}::text::jsonb))`;

const ALL_ZONES: readonly string[] = [...ZONE_AREAS, ...ZONE_ACTIONS];

/** Of an `impersonation`: a zone raised the hand, not a person with words of their own. Whoever comes answers it, as zones open together. */
export const IS_ZONE_CALL = isCallOf(ALL_ZONES);

/**
 * Raises the hand for a zone. A hand that is up keeps the sentence of whoever wrote one; that of another zone would name the wrong place.
 * @returns what tells the hubs
 */
export async function callSecond(
	tx: Tx,
	{ agencyId, impersonationId }: WhichStay,
	zone: string
): Promise<OutboxItem[]> {
	await tx.execute(sql`UPDATE impersonation SET zone = ${zone}, hand_raised_at = COALESCE(hand_raised_at, clock_timestamp()),
		hand_note = CASE WHEN hand_raised_at IS NULL OR ${IS_ZONE_CALL} THEN ${zoneCall(zone)} ELSE hand_note END
		WHERE id = ${impersonationId} AND agency_id = ${agencyId} AND state = 'active'`);
	return [{ kind: 'signal', signal: { topic: 'impersonation.changed', agencyId, impersonationId } }];
}

/** Lowers the hands that were raised for what wants nobody any more. */
export async function withdrawCalls(
	tx: Tx,
	{ agencyId }: Pick<StaffActor, 'agencyId'>,
	marked: readonly string[]
): Promise<void> {
	const over = ALL_ZONES.filter((key) => !marked.includes(key));
	await tx.execute(sql`UPDATE impersonation SET hand_raised_at = NULL, hand_note = NULL
		WHERE agency_id = ${agencyId} AND state = 'active' AND ${isCallOf(over)}`);
}
