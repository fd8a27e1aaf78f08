// All that a pack tells of an impersonation, read once.
import { sql } from 'drizzle-orm';
import { actionTitle, AFTERWARDS } from '#domain/actions.ts';
import { chaptersOf } from '#domain/chapters.ts';
import { AppError } from '#domain/errors.ts';
import { endSentence, timelineEntries, type LoggedAction } from '#domain/timeline.ts';
import { REASONS } from '#domain/modes-and-reasons.ts';
import type { Db } from '#server/db/types.ts';
import { KEPT_BACK } from '#server/evidence/pack-format.ts';
import type { PackFacts } from '#server/evidence/pack-facts.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { findGaps } from '../recordings/find-gaps.ts';
import { readCoverage, type PageCoverage } from '../recordings/read-coverage.ts';
import { readFaults } from '../recordings/read-faults.ts';
import { endOf } from '../recordings/read-recording.ts';
import {
	readActions,
	readHead,
	readPages,
	readViews,
	readWatchers,
	type HeadRow,
	type PageRow
} from '../recordings/read-rows.ts';
import type { Whose } from './read-proof.ts';

const LATER = sql.join(
	AFTERWARDS.map((name) => sql`${name}`),
	sql`, `
);

/** More than a reader takes in; the rows are all in the pack. */
const MAX_SINCE = 500;

async function readSince(db: Db, { agencyId, impersonationId }: Whose): Promise<PackFacts['since']> {
	const rows = await db.execute<{
		at: number;
		action: string;
		outcome: 'done' | 'refused';
		by: string | null;
	}>(sql`
		SELECT (extract(epoch FROM x.at) * 1000)::float8 AS at, x.action, x.outcome, s.name AS by
		FROM action x LEFT JOIN staff s ON s.id = x.actor_staff_id
		WHERE x.impersonation_id = ${impersonationId} AND x.agency_id = ${agencyId} AND x.action IN (${LATER})
		ORDER BY x.seq LIMIT ${MAX_SINCE}`);
	return rows.map(({ at, action, outcome, by }) => ({ at, by, title: actionTitle(action, outcome) }));
}

async function readAgencyName(db: Db, agencyId: string): Promise<string> {
	const [row] = await db.execute<{ name: string }>(sql`SELECT name FROM agency WHERE id = ${agencyId}`);
	return row?.name ?? '';
}

/** A command reads the log without knowing what of it was damaged when the product opened it. */
export type PackLog = Pick<LiveLog, 'read'> & Partial<Pick<LiveLog, 'damage'>>;

/** Words of the agency among itself, which a pack tells by their hash alone (`KEPT_BACK`); a start's note is for its reviewers. */
const isPrivate = (action: string): boolean => KEPT_BACK.has(action) || action === 'impersonation.started';

export type ReadFacts = {
	head: HeadRow & { ended_at: number };
	pages: PageRow[];
	coverage: PageCoverage[];
	facts: Omit<PackFacts, 'madeAt' | 'keyFingerprint' | 'checkAt'>;
};

const withoutNote = (row: LoggedAction): LoggedAction =>
	isPrivate(row.action) ? { ...row, note: null } : row;

/** @throws AppError `not_found`; `conflict` while it runs */
export async function readFacts(
	{ db, liveLog }: { db: Db; liveLog: PackLog },
	whose: Whose
): Promise<ReadFacts> {
	const { agencyId, impersonationId: id } = whose;
	const head = await readHead(db, agencyId, id);
	const { ended_at: endedAt } = head;
	if (endedAt === null) throw new AppError('conflict', 'It still runs. Make the pack once it has ended.');
	const pages = await readPages(db, agencyId, id);
	const [actions, views, faults, watchers, since, agency] = await Promise.all([
		readActions(db, agencyId, id),
		readViews(db, agencyId, id, head.staff),
		readFaults(db, agencyId, id),
		readWatchers(db, agencyId, id),
		readSince(db, whose),
		readAgencyName(db, agencyId)
	]);
	const coverage = await readCoverage({ db, liveLog }, { agencyId, impersonationId: id }, pages);
	const marks = coverage.map((page) => page.marks);
	const [startedAt, endAt] = [head.started_at, endOf(head, pages)];
	const lengthMs = Math.max(1, Math.round(endAt - startedAt));
	const gaps = findGaps({ startAt: startedAt, endAt, pages: marks, damage: liveLog.damage?.() ?? [] });
	const facts = {
		agency,
		client: head.client,
		contact: head.contact,
		staff: head.staff,
		mode: head.mode,
		reason: REASONS[head.reason],
		ticket: head.ticket,
		startedAt,
		endedAt,
		lengthMs,
		endSentence: endSentence(head.end_reason ?? ''),
		watchers,
		since,
		entries: timelineEntries({
			startedAt,
			lengthMs,
			actions: actions.map(withoutNote),
			views,
			pages,
			gaps,
			faults
		}),
		chapters: chaptersOf({ startedAt, lengthMs, pages, views })
	};
	return { head: { ...head, ended_at: endedAt }, pages, coverage, facts };
}
