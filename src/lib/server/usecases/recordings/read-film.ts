// The part of a recording's index that a player needs again: blocks were merged with others while it played, or the recording
// still runs and more of it was sealed.
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { readCoverage } from './read-coverage.ts';
import { endOf, shownPages, type RecordedPage } from './read-recording.ts';
import { readHead, readPages } from './read-rows.ts';
import { requireId } from './require-permission.ts';
import { requireShown, requireViewer } from './require-shown.ts';

export type FilmOfRecording = {
	startedAt: number;
	lengthMs: number;
	isRunning: boolean;
	pages: RecordedPage[];
};

/**
 * Pages and blocks as they are now.
 * @throws AppError `not_allowed` before the replay was opened, or somebody who watches looked back; `not_found`
 */
export const readFilm =
	({ db, liveLog }: { db: Db; liveLog: LiveLog }) =>
	async (actor: StaffActor, input: { impersonationId: string }): Promise<FilmOfRecording> => {
		const id = requireId(input.impersonationId);
		const viewing = await requireViewer(db, actor, id);
		const head = await readHead(db, actor.agencyId, id);
		await requireShown(db, actor, id, viewing);
		const pages = await readPages(db, actor.agencyId, id);
		const whose = { agencyId: actor.agencyId, impersonationId: id };
		const coverage = await readCoverage({ db, liveLog }, whose, pages);
		return {
			startedAt: head.started_at,
			lengthMs: Math.max(1, Math.round(endOf(head, pages) - head.started_at)),
			isRunning: head.ended_at === null,
			pages: shownPages(pages, coverage)
		};
	};
