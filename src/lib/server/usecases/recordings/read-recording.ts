// The index of one recording: who, when, every page, view, action and gap on one clock. Draws before any event is read.
import type { StaffActor } from '#domain/actor.ts';
import { chaptersOf, type Chapter } from '#domain/chapters.ts';
import type { MaskedStretch } from '#domain/masked-stretches.ts';
import { REASONS } from '#domain/modes-and-reasons.ts';
import { endSentence, timelineEntries, type TimelineEntry } from '#domain/timeline.ts';
import type { ShownStretch } from '#protocol/help.ts';
import type { CheckpointKind } from '#recorder/format/block-header.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { BlockRow } from '#server/recordings/block-rows.ts';
import { activityOf, findGaps } from './find-gaps.ts';
import { readShown } from './read-shown.ts';
import { readFaults } from './read-faults.ts';
import { maskedOnScreen, readMasks } from './read-masked.ts';
import { readCoverage, type PageCoverage } from './read-coverage.ts';
import { readActions, readHead, readPages, readViews, readWatchers } from './read-rows.ts';
import type { HeadRow, PageRow, WatchRow } from './read-rows.ts';
import { requireId, requirePermission } from './require-permission.ts';

export type RecordingHead = {
	id: string;
	client: { id: string; name: string };
	contact: { id: string; name: string };
	staff: { id: string; name: string };
	mode: 'view' | 'act';
	reason: string;
	ticket: string | null;
	details: string;
	startedAt: number;
	/** Null while it runs. */
	endedAt: number | null;
	/** A sentence; null while it runs. */
	endReason: string | null;
	endedBy: string | null;
};

/** One block as a player needs it: fetched by its id, chosen by its times. */
export type BlockEntry = {
	id: string;
	firstSeq: number;
	lastSeq: number;
	fromAt: number;
	toAt: number;
	bytes: number;
	checkpoint: CheckpointKind;
	/** Cells of recorder/format/block-activity.ts, base64. */
	activity: string;
};

export type RecordedPage = {
	pageId: string;
	address: string;
	title: string;
	firstEventAt: number;
	lastEventAt: number;
	/** In the order of their numbers. */
	blocks: BlockEntry[];
	/** Number of the first batch that is in no block yet, or null. */
	tailFrom: number | null;
};

export type Recording = RecordingHead & {
	lengthMs: number;
	/** Pages of which there is something to show, in the order they were opened. */
	pages: RecordedPage[];
	chapters: Chapter[];
	entries: TimelineEntry[];
	/** 0 to 1 for each of equal stretches. */
	activity: number[];
	watchers: WatchRow[];
	/** What helpers pointed at and drew. */
	shown: ShownStretch[];
	/** When something masked was on the screen, kind by kind. */
	masked: MaskedStretch[];
	/** False where pages were recorded before that was noted: then `masked` does not tell of them. */
	isMaskedKnown: boolean;
};

/** Enough bars for a wide screen; each a few pixels. */
const ACTIVITY_BARS = 240;

export const headOf = (row: HeadRow): RecordingHead => ({
	id: row.id,
	client: { id: row.client_id, name: row.client },
	contact: { id: row.contact_id, name: row.contact },
	staff: { id: row.staff_id, name: row.staff },
	mode: row.mode,
	reason: REASONS[row.reason],
	ticket: row.ticket,
	details: row.details,
	startedAt: row.started_at,
	endedAt: row.ended_at,
	endReason: row.end_reason === null ? null : endSentence(row.end_reason),
	endedBy: row.ended_by
});

/** Until when there is something: the end, or what was flushed just after it (design.md §4). */
export function endOf(head: HeadRow, pages: readonly PageRow[]): number {
	const last = Math.max(head.started_at, ...pages.map(({ lastEventAt }) => lastEventAt ?? 0));
	return head.ended_at === null ? head.now : Math.max(head.ended_at, Math.min(last, head.ended_at + 5_000));
}

const toEntry = ({ activity, ...block }: BlockRow): BlockEntry => ({
	id: block.id,
	firstSeq: block.firstSeq,
	lastSeq: block.lastSeq,
	fromAt: block.fromAt,
	toAt: block.toAt,
	bytes: block.bytes,
	checkpoint: block.checkpoint,
	activity: Buffer.from(activity).toString('base64')
});

export const shownPages = (pages: readonly PageRow[], coverage: readonly PageCoverage[]): RecordedPage[] =>
	pages.flatMap(({ pageId, address, title, firstEventAt, lastEventAt, openedAt }, index) => {
		const covered = coverage[index];
		const stretches = covered?.marks.stretches ?? [];
		const [first, last] = [stretches[0]?.from, stretches.at(-1)?.to];
		if (!covered || first === undefined || last === undefined) return [];
		const from = Math.max(openedAt, firstEventAt ?? first);
		const page = { pageId, address, title, firstEventAt: from, lastEventAt: lastEventAt ?? last };
		return [{ ...page, blocks: covered.blocks.map(toEntry), tailFrom: covered.tailFrom }];
	});

/**
 * The index of a recording of the actor's agency.
 * @throws AppError `not_allowed` without the permission `review`; `not_found`
 */
export const readRecording =
	({ db, liveLog }: { db: Db; liveLog: LiveLog }) =>
	async (actor: StaffActor, input: { impersonationId: string }): Promise<Recording> => {
		await requirePermission(db, actor, 'review');
		const id = requireId(input.impersonationId);
		const head = await readHead(db, actor.agencyId, id);
		const [pages, actions, views, watchers, faults, shown, masks] = await Promise.all([
			readPages(db, actor.agencyId, id),
			readActions(db, actor.agencyId, id),
			readViews(db, actor.agencyId, id, head.staff),
			readWatchers(db, actor.agencyId, id),
			readFaults(db, actor.agencyId, id),
			readShown(db, actor.agencyId, id),
			readMasks(db, actor.agencyId, id)
		]);
		const coverage = await readCoverage(
			{ db, liveLog },
			{ agencyId: actor.agencyId, impersonationId: id },
			pages
		);
		const marks = coverage.map((page) => page.marks);
		const [startedAt, endAt] = [head.started_at, endOf(head, pages)];
		const lengthMs = Math.max(1, Math.round(endAt - startedAt));
		const gaps = findGaps({ startAt: startedAt, endAt, pages: marks, damage: liveLog.damage() });
		const recorded = shownPages(pages, coverage);
		return {
			...headOf(head),
			lengthMs,
			pages: recorded,
			chapters: chaptersOf({ startedAt, lengthMs, pages, views }),
			entries: timelineEntries({ startedAt, lengthMs, actions, views, pages, gaps, faults }),
			activity: activityOf(marks, startedAt, endAt, ACTIVITY_BARS),
			watchers,
			shown,
			masked: maskedOnScreen(masks, { startedAt, lengthMs, pages: recorded }),
			isMaskedKnown: masks.isKnown
		};
	};
