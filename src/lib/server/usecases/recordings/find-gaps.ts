// Where a recording has no picture, told from the batches' numbers and times and from what the hub noted in the rows
// while they came. Pure. A gap says what is known and never guesses that nothing happened.
import type { LogDamage } from '#server/ports/live-log.ts';
import type { Gap } from '#domain/timeline.ts';
import { LEASE_MS } from '#protocol/limits.ts';

/** Batches that follow each other without a hole, as far as times and numbers go: a block, or one batch of the log. */
export type Stretch = {
	firstSeq: number;
	lastSeq: number;
	/** Hub time of its first and last event; of the log, where events were not looked into, of receipt. */
	from: number;
	to: number;
	/** When batches came, and how many. */
	beats: readonly { at: number; count: number }[];
};

export type PageMarks = {
	pageId: string;
	openedAt: number;
	/** The hub once held the first full snapshot. */
	hadSnapshot: boolean;
	/** Hub time of the last event the hub took; the log must reach as far. */
	lastEventAt: number | null;
	closedAt: number | null;
	/** When it last asked the server for something; a page whose recorder never connected cannot say when it was left. */
	lastSeenAt?: number | null;
	/** Somebody erased it, or its time was over. */
	isErased?: boolean;
	/** In the order of their numbers. */
	stretches: readonly Stretch[];
};

/** A page that was left before its recorder could start is a redirect, not a gap. */
const MIN_UNRECORDED_MS = 3_000;

/** The rows keep microseconds, the log milliseconds. */
const ROUNDING_MS = 2;

const missing = (pageId: string, from: number, to: number, note: string): Gap => ({
	cause: 'missing',
	from,
	to: Math.max(from, to),
	pageId,
	note
});

function damageNote(damage: readonly LogDamage[], since: number): string {
	const found = damage.filter(({ foundAt }) => foundAt >= since);
	if (found.length === 0) return 'The recording’s log lacks what came here.';
	const bytes = found.reduce((sum, { lostBytes }) => sum + lostBytes, 0);
	return `The recording’s log was damaged: ${bytes} bytes could not be read.`;
}

function holes(page: PageMarks, note: string): Gap[] {
	return page.stretches.flatMap((stretch, index) => {
		const before = page.stretches[index - 1];
		const lost = stretch.firstSeq - (before?.lastSeq ?? -1) - 1;
		if (lost <= 0) return [];
		const from = before?.to ?? page.openedAt;
		return [missing(page.pageId, from, stretch.from, `${note} ${lost} of the page’s batches are lost.`)];
	});
}

/** Until when a page without a recorder was open at most: it was left for the next one, unless it was used later still. */
function leftAt(page: PageMarks, pages: readonly PageMarks[]): number | null {
	if (page.closedAt !== null) return page.closedAt;
	const later = pages.map(({ openedAt }) => openedAt).filter((openedAt) => openedAt > page.openedAt);
	return later.length > 0 ? Math.max(Math.min(...later), page.lastSeenAt ?? 0) : null;
}

type Others = { pages: readonly PageMarks[]; endAt: number; damage: readonly LogDamage[] };

function gapsOfPage(page: PageMarks, { pages, endAt, damage }: Others): Gap[] {
	const last = page.stretches.at(-1);
	if (page.isErased) {
		const to = page.lastEventAt ?? page.closedAt ?? endAt;
		return [
			missing(page.pageId, page.openedAt, to, 'This recording was erased. Its log and its views are kept.')
		];
	}
	const note = damageNote(damage, page.openedAt);
	if (!last && page.hadSnapshot)
		return [missing(page.pageId, page.openedAt, page.lastEventAt ?? page.closedAt ?? endAt, note)];
	if (!last) {
		const to = Math.min(leftAt(page, pages) ?? endAt, endAt);
		if (to - page.openedAt < MIN_UNRECORDED_MS) return [];
		const unrecorded = { cause: 'unrecorded', from: page.openedAt, to, pageId: page.pageId } as const;
		return [{ ...unrecorded, note: 'This page’s recorder never started; nothing could be changed on it.' }];
	}
	// An event's time is never later than its batch's receipt: a later one means that a batch is gone.
	const lostTail = page.lastEventAt !== null && page.lastEventAt > last.to + ROUNDING_MS;
	const tail = lostTail ? [missing(page.pageId, last.to, page.lastEventAt ?? endAt, note)] : [];
	return [...holes(page, note), ...tail];
}

const beatsOf = (pages: readonly PageMarks[]) =>
	pages.flatMap(({ stretches }) => stretches.flatMap(({ beats }) => beats));

/** Stretches longer than the lease in which no page sent anything. */
function silences(pages: readonly PageMarks[], startAt: number, endAt: number): Gap[] {
	// Cells of a block say only when they begin: its own end is known exactly.
	const ends = pages.flatMap(({ stretches }) => stretches.map(({ to }) => to));
	const times = [...beatsOf(pages).map(({ at }) => at), ...ends];
	if (times.length === 0) return [];
	const marks = [startAt, ...times.toSorted((a, b) => a - b), endAt];
	return marks.flatMap((to, index): Gap[] => {
		const from = marks[index - 1];
		if (from === undefined || to - from <= LEASE_MS) return [];
		const note = 'No page sent anything. Most likely nothing moved on the screen.';
		return [{ cause: 'silent', from, to, pageId: null, note }];
	});
}

const overlaps = (a: Gap, b: Gap): boolean => a.from < b.to && b.from < a.to;

/** Gaps of a recording, oldest first. A silence that a worse gap explains is left out. */
export function findGaps(input: {
	startAt: number;
	endAt: number;
	pages: readonly PageMarks[];
	damage: readonly LogDamage[];
}): Gap[] {
	const worse = input.pages.flatMap((page) => gapsOfPage(page, input));
	const silent = silences(input.pages, input.startAt, input.endAt).filter(
		(gap) => !worse.some((other) => overlaps(gap, other))
	);
	return [...worse, ...silent].toSorted((a, b) => a.from - b.from);
}

/** How busy each of `count` equal stretches was, 0 to 1, from how many batches came in it. */
export function activityOf(
	pages: readonly PageMarks[],
	startAt: number,
	endAt: number,
	count: number
): number[] {
	const buckets = Array.from({ length: count }, () => 0);
	const length = Math.max(1, endAt - startAt);
	for (const { at, count: came } of beatsOf(pages)) {
		const index = Math.min(count - 1, Math.max(0, Math.floor(((at - startAt) / length) * count)));
		buckets[index] = (buckets[index] ?? 0) + came;
	}
	const most = Math.max(1, ...buckets);
	return buckets.map((value) => Math.round(Math.sqrt(value / most) * 100) / 100);
}
