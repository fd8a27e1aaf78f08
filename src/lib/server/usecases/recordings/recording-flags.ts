// What a list says of a recording's completeness: from each page's blocks as a whole and its last batch.
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { findGaps } from './find-gaps.ts';
import { readEnds } from './read-ends.ts';
import { readPagesOf } from './read-rows.ts';

export type RecordingFlag = 'missing' | 'unrecorded' | 'erased';

type Row = { id: string; startedAt: number; lengthMs: number };

/** Of each of these recordings, in their order: read together, however many a list shows. */
export async function recordingFlags(
	deps: { db: Db; liveLog: LiveLog },
	agencyId: string,
	rows: readonly Row[]
): Promise<RecordingFlag[][]> {
	if (rows.length === 0) return [];
	const ids = rows.map(({ id }) => id);
	const pages = await readPagesOf(deps.db, agencyId, ids);
	const ends = await readEnds(deps, agencyId, pages);
	return rows.map(({ id, startedAt, lengthMs }) => {
		// What is missing of it is missing by somebody's will.
		if ((pages.get(id) ?? []).every(({ isErased }) => isErased)) return ['erased'];
		const endAt = startedAt + lengthMs;
		const gaps = findGaps({ startAt: startedAt, endAt, pages: ends.get(id) ?? [], damage: [] });
		return (['missing', 'unrecorded'] as const).filter((cause) => gaps.some((gap) => gap.cause === cause));
	});
}
