// Which recordings are meant when many are to be erased: the ticked ones, or all that a list shows; and what becomes of each of them.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import { wasInside } from '#server/db/insiders.ts';
import type { Reader } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { recordingFilters, recordingsWhere } from '../recordings/recording-filters.ts';
import { OVER_AFTER_S } from '../retention/erase-recording.ts';

/** More cannot be looked over by anybody. */
export const MAX_ERASED = 1_000;

/** `free` can be erased. `own`: who asks was inside. `review`: somebody has still to look it over. */
export type Fate = 'free' | 'held' | 'review' | 'own' | 'running' | 'erased';
export type Chosen = {
	id: string;
	client: string;
	staff: string;
	startedAt: number;
	fate: Fate;
	/** Of what is held. */
	hold: string | null;
};

const named = (agencyId: string, ids: readonly string[]): SQL =>
	sql`i.agency_id = ${agencyId} AND i.state <> 'pending'
		AND i.id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))`;

/** Behind the question mark: ticked ids, or filters of the list. @returns null where nothing is chosen */
function meant(actor: StaffActor, query: string): SQL | null {
	const { agencyId } = actor;
	const params = new URLSearchParams(query);
	const ids = params.getAll('ids').filter(isUuid);
	if (ids.length > 0) return named(agencyId, ids);
	// That would be a search past the log; and without its words the rest would mean more than the list showed.
	if (params.get('seen'))
		throw new AppError(
			'conflict',
			'What was seen cannot choose what is erased. Tick the recordings in the list.'
		);
	const {
		sort: _sort,
		page: _page,
		zone: _zone,
		...narrowed
	} = recordingFilters.parse(Object.fromEntries(params));
	const isNarrowed = Object.values(narrowed).some((value) => value !== undefined);
	// Attack: an address that lost its filters means every recording there is.
	return isNarrowed
		? recordingsWhere(actor, { ...recordingFilters.parse(Object.fromEntries(params)), sort: '-when' })
		: null;
}

/**
 * The latest first.
 * @throws AppError `conflict` when there are more than one person can answer for
 */
export async function readChosen(reader: Reader, actor: StaffActor, query: string): Promise<Chosen[]> {
	const which = meant(actor, query);
	if (!which) return [];
	const rows = await readFates(reader, actor, which);
	if (rows.length > MAX_ERASED)
		throw new AppError(
			'conflict',
			`More than ${MAX_ERASED} recordings match, which is more than anybody can answer for at once. Narrow the list by days or by client.`
		);
	return rows;
}

/** Which of these can still be erased. */
export async function readFree(
	reader: Reader,
	actor: StaffActor,
	ids: readonly string[]
): Promise<readonly string[]> {
	const rows = await readFates(reader, actor, named(actor.agencyId, ids));
	return rows.filter(({ fate }) => fate === 'free').map(({ id }) => id);
}

/** The latest first; one more than there may be. */
async function readFates(reader: Reader, actor: StaffActor, which: SQL): Promise<Chosen[]> {
	const rows = await reader.execute<Chosen>(sql`
		SELECT i.id, c.name AS client, s.name AS staff, ${ms('COALESCE(i.started_at, i.created_at)')} AS "startedAt",
			COALESCE(h.reason, k.reason) AS hold,
			CASE WHEN NOT EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NULL) THEN 'erased'
				WHEN i.state <> 'ended' OR i.ended_at >= clock_timestamp() - make_interval(secs => ${OVER_AFTER_S}::int) THEN 'running'
				WHEN h.impersonation_id IS NOT NULL OR k.client_id IS NOT NULL THEN 'held'
				WHEN ${wasInside(actor.staffId)} THEN 'own'
				WHEN EXISTS (SELECT FROM review r WHERE r.impersonation_id = i.id AND r.is_queued AND r.verdict IS NULL) THEN 'review'
				ELSE 'free' END AS fate
		FROM impersonation i JOIN client c ON c.id = i.client_id JOIN staff s ON s.id = i.staff_id
		LEFT JOIN recording_hold h ON h.impersonation_id = i.id LEFT JOIN client_hold k ON k.client_id = i.client_id
		WHERE ${which} ORDER BY i.created_at DESC, i.id LIMIT ${MAX_ERASED + 1}`);
	return [...rows];
}
