// A finished recording on one timeline: which page is shown when, where somebody acted, and the events of a page from
// its last full snapshot to a moment. Pages may follow each other (reloads) or overlap (tabs). No DOM in here.
import { isInteraction } from '../format/activity.ts';
import { EVENT, isLoose, SOURCE, type RecordedEvent } from '../format/events.ts';
import type { PersonalNote } from '../format/masked.ts';
import { PageReader, type ReceivedBatch } from './page-reader.ts';
import { PersonalWords } from './unmask.ts';

type Page = {
	pageId: string;
	batches: ReceivedBatch[];
	/** Hub times, rising. */
	activity: number[];
	/** For each batch: time of its last event, and whether a full snapshot starts in it. */
	marks: { until: number; holdsSnapshot: boolean }[];
	startsAt: number;
	endsAt: number;
};

export class Film {
	private readonly pages = new Map<string, Page>();
	private activity: number[] = [];
	private readonly words = new Map<string, PersonalWords>();
	readonly startAt: number;
	private readonly plannedEnd: number;

	constructor({ startAt, endAt }: { startAt: number; endAt: number }) {
		this.startAt = startAt;
		this.plannedEnd = endAt;
	}

	/** Hub time of the end. */
	get endAt(): number {
		let end = Math.max(this.plannedEnd, this.startAt);
		for (const page of this.pages.values()) end = Math.max(end, page.endsAt);
		return end;
	}

	/** Adds or replaces a page. Damaged batches are left out: the rest plays. */
	addPage(pageId: string, batches: ReceivedBatch[]): { damaged: number } {
		const page: Page = {
			pageId,
			batches: [],
			activity: [],
			marks: [],
			startsAt: Infinity,
			endsAt: -Infinity
		};
		const reader = new PageReader();
		let damaged = 0;
		for (const batch of batches.toSorted((a, b) => a.header.seq - b.header.seq)) {
			const events = readOrNull(reader, batch);
			if (!events) damaged++;
			else index(page, batch, events);
		}
		if (page.batches.length > 0) this.pages.set(pageId, page);
		this.activity = [...this.pages.values()]
			.flatMap((it) => [it.startsAt, ...it.activity])
			.toSorted((a, b) => a - b);
		return { damaged };
	}

	/** From now on these words stand in the place of the page's blocks. */
	unmask(pageId: string, notes: readonly PersonalNote[]): void {
		this.words.set(pageId, new PersonalWords(notes));
	}

	/** The page on the screen at a hub time: the one somebody last acted on or opened. */
	pageAt(at: number): string | null {
		let shown: string | null = null;
		let latest = Number.NEGATIVE_INFINITY;
		for (const page of this.pages.values()) {
			if (page.startsAt > at) continue;
			const last = lastBefore(page.activity, at) ?? page.startsAt;
			if (last >= latest) [shown, latest] = [page.pageId, last];
		}
		// Before the first page there is nothing to see yet: its first picture is better than none.
		return shown ?? this.firstPage();
	}

	/** Next time after `at` that somebody acted or a page began. */
	nextActivity(at: number): number | null {
		const next = this.activity[countUntil(this.activity, at)];
		return next ?? null;
	}

	/**
	 * Events of a page, parsed afresh, from its last full snapshot at or before `at` (else from its first), to its end,
	 * in the order they are to be shown.
	 */
	eventsFrom(pageId: string, at: number): RecordedEvent[] {
		const page = this.pages.get(pageId);
		if (!page) return [];
		// The batch before the last snapshot's may hold its Meta event, so reading starts one earlier.
		let from = 0;
		page.marks.forEach(({ holdsSnapshot }, batch) => {
			const begins = batch === 0 ? page.startsAt : (page.marks[batch - 1]?.until ?? 0);
			if (holdsSnapshot && begins <= at) from = Math.max(0, batch - 1);
		});
		const reader = new PageReader();
		const events = page.batches.slice(from).flatMap((batch) => readOrNull(reader, batch) ?? []);
		const shown = spread(sinceSnapshot(events, Math.max(at, page.startsAt)));
		return this.words.get(pageId)?.show(shown) ?? shown;
	}

	private firstPage(): string | null {
		let first: Page | null = null;
		for (const page of this.pages.values()) if (!first || page.startsAt < first.startsAt) first = page;
		return first?.pageId ?? null;
	}
}

function readOrNull(reader: PageReader, batch: ReceivedBatch): RecordedEvent[] | null {
	try {
		return reader.read(batch);
	} catch {
		// Counted by the caller and shown as a gap; the other batches still play.
		return null;
	}
}

function index(page: Page, batch: ReceivedBatch, events: RecordedEvent[]): void {
	page.batches.push(batch);
	const until = events.at(-1)?.timestamp ?? page.endsAt;
	page.marks.push({ until, holdsSnapshot: events.some(({ type }) => type === EVENT.fullSnapshot) });
	for (const event of events) {
		page.startsAt = Math.min(page.startsAt, event.timestamp);
		page.endsAt = Math.max(page.endsAt, event.timestamp);
		if (isInteraction(event)) page.activity.push(event.timestamp);
	}
}

/** Drops all before the last full snapshot not after `at`, but keeps that snapshot's Meta. */
function sinceSnapshot(events: RecordedEvent[], at: number): RecordedEvent[] {
	let from = events.findIndex(({ type }) => type === EVENT.fullSnapshot);
	for (let place = from + 1; place > 0 && place < events.length; place++) {
		const event = events[place];
		if (event && event.type === EVENT.fullSnapshot && event.timestamp <= at) from = place;
	}
	if (from === -1) return [];
	return events.slice(events[from - 1]?.type === EVENT.meta ? from - 1 : from);
}

/** rrweb sends pointer moves in bundles of 100 ms; each position gets its own moment, so that replay moves smoothly. */
function spread(events: RecordedEvent[]): RecordedEvent[] {
	let floor = Number.NEGATIVE_INFINITY;
	const single = events.flatMap((event) => {
		const { data } = event;
		const isMove = event.type === EVENT.incremental && isLoose(data) && data.source === SOURCE.mouseMove;
		const positions =
			isMove && Array.isArray(data.positions) ? (data.positions as { timeOffset: number }[]) : null;
		const out = positions
			? positions.map((position) => ({
					...event,
					timestamp: Math.max(floor, event.timestamp + position.timeOffset),
					data: { source: SOURCE.mouseMove, positions: [{ ...position, timeOffset: 0 }] }
				}))
			: [event];
		floor = event.type === EVENT.fullSnapshot ? event.timestamp : floor;
		return out;
	});
	// Stable, so events of one moment keep their order.
	return single.toSorted((a, b) => a.timestamp - b.timestamp);
}

/** How many of the rising times are at or before `at`. */
function countUntil(times: number[], at: number): number {
	let low = 0;
	let high = times.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((times[middle] ?? Infinity) <= at) low = middle + 1;
		else high = middle;
	}
	return low;
}

const lastBefore = (times: number[], at: number): number | undefined => times[countUntil(times, at) - 1];
