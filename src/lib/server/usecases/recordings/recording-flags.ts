// What a list says of a recording's completeness: from each page's blocks as a whole and its last batch.
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { findGaps } from './find-gaps.ts';
import { readEnds } from './read-ends.ts';
import { readPages } from './read-rows.ts';

export type RecordingFlag = 'missing' | 'unrecorded' | 'erased';

export async function recordingFlags(
	deps: { db: Db; liveLog: LiveLog },
	agencyId: string,
	row: { id: string; startedAt: number; lengthMs: number }
): Promise<RecordingFlag[]> {
	const pages = await readPages(deps.db, agencyId, row.id);
	// What is missing of it is missing by somebody's will.
	if (pages.every(({ isErased }) => isErased)) return ['erased'];
	const ends = await readEnds(deps, { agencyId, impersonationId: row.id }, pages);
	const endAt = row.startedAt + row.lengthMs;
	const gaps = findGaps({ startAt: row.startedAt, endAt, pages: ends, damage: [] });
	return (['missing', 'unrecorded'] as const).filter((cause) => gaps.some((gap) => gap.cause === cause));
}
