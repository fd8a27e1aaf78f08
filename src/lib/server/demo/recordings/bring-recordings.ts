// A fresh demo has recordings to look at before anybody impersonated anyone: three that were made on another demo are brought in, with
// their times moved to just before this one's first start. May be broken off anywhere and run again.
import { sql } from 'drizzle-orm';
import type { App } from '#server/app.ts';
import type { Db } from '#server/db/types.ts';
import { bringVisit, type Brought } from './bring-visit.ts';
import { BROUGHT, readRecording, readStory, type VisitStory } from './visit-story.ts';

type Stage = {
	app: Pick<App, 'recordings'>;
	db: Db;
	/** Where the rows of the log say they came from: by it a later start knows that they were brought in. */
	ip: string;
};

async function clockOf(db: Db): Promise<number> {
	const [row] = await db.execute<{ now: number }>(
		sql`SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`
	);
	return row?.now ?? 0;
}

/** A recording's file holds no picture of it for lists: a hub draws that while the pages run. */
async function bringSketches(db: Db, story: VisitStory, visit: Brought): Promise<void> {
	const shiftMs = visit.endedAt - story.endedAt;
	for (const { page, takenAt, shownMs, width, height, boxes } of story.sketches ?? [])
		await db.execute(sql`
			INSERT INTO page_sketch (page_id, agency_id, impersonation_id, taken_at, shown_ms, width, height, boxes)
			SELECT id, agency_id, impersonation_id, to_timestamp(${takenAt + shiftMs}::float8 / 1000), ${shownMs}::int,
				${width}::int, ${height}::int, decode(${boxes}, 'base64')
			FROM page WHERE id = ${visit.pageIds[story.pages.indexOf(page)] ?? null} AND erased_at IS NULL
			ON CONFLICT DO NOTHING`);
}

export async function bringRecordings({ app, db, ip }: Stage): Promise<void> {
	const now = await clockOf(db);
	for (const { name, endedBeforeMs } of BROUGHT) {
		const [story, file] = await Promise.all([readStory(name), readRecording(name)]);
		const visit = await bringVisit(db, { story, endedAt: now - endedBeforeMs, ip });
		const { agencyId, impersonationId, pageIds } = visit;
		await app.recordings.bringIn({
			read: (at, length) => Promise.resolve(file.subarray(Math.max(0, at), Math.max(0, at) + length)),
			size: file.byteLength,
			// Whoever signed it is not this installation; that the file is whole and safe is looked at all the same.
			trusted: null,
			agencyId,
			impersonationId,
			pageIds,
			shiftMs: visit.endedAt - story.endedAt
		});
		await bringSketches(db, story, visit);
	}
}
