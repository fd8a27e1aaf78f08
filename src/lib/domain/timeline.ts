// One clock for picture and log: everything that is known of a recording, in ms since its start. Pure.
import { actionTitle } from './actions.ts';
import { END_REASONS } from './impersonation.ts';
import { REASONS } from './modes-and-reasons.ts';
import { faultTold, type SeenFault } from './page-faults.ts';

export type TimelineKind =
	'action' | 'refusal' | 'view' | 'watch' | 'chat' | 'steer' | 'page' | 'gap' | 'fault';

/** What happened at one moment of a recording; a gap, and a two-person zone that opened, also say until when. */
export type TimelineEntry = {
	id: string;
	kind: TimelineKind;
	/** ms since the recording's start */
	at: number;
	until: number | null;
	title: string;
	subject: string | null;
	/** A sentence more: why it was refused, what is missing. */
	note: string | null;
	by: string | null;
	pageId: string | null;
	/** Of a gap only. */
	cause: GapCause | null;
};

/** `missing`: the log lost it; `unrecorded`: never arrived; `silent`: nothing came, most likely nothing happened. */
export type GapCause = 'missing' | 'unrecorded' | 'silent';
/** A stretch without pictures, hub time in ms since the epoch. */
export type Gap = { cause: GapCause; from: number; to: number; pageId: string | null; note: string };

/** A row of the action log, as far as a timeline needs it; times are ms since the epoch. */
export type LoggedAction = {
	seq: string;
	at: number;
	action: string;
	outcome: 'done' | 'refused';
	subject: string | null;
	note: string | null;
	by: string;
	pageId: string | null;
};

export type SeenView = {
	id: string;
	at: number;
	kind: 'page' | 'data' | 'file';
	address: string;
	label: string | null;
	status: number;
	by: string;
	pageId: string | null;
};

export type OpenedPage = { pageId: string; openedAt: number; address: string; title: string };

export type TimelineSource = {
	startedAt: number;
	lengthMs: number;
	actions: readonly LoggedAction[];
	views: readonly SeenView[];
	pages: readonly OpenedPage[];
	gaps: readonly Gap[];
	faults: readonly SeenFault[];
};

/** Whether a page came as a document or by navigation within one is nothing to the person who reads what was seen. */
const VIEW_TITLES = { page: 'Opened page', data: 'Opened page', file: 'Opened file' } as const;
const GAP_TITLES = { missing: 'Missing', unrecorded: 'Not recorded', silent: 'Quiet' } as const;
const FIRST_REFUSED_STATUS = 400;

/** "Opened page", or "Tried: opened page" when the answer was a refusal. */
export function viewTitle(kind: SeenView['kind'], status: number): string {
	const title = VIEW_TITLES[kind];
	return status < FIRST_REFUSED_STATUS ? title : `Tried: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

function kindOf({ action, outcome }: LoggedAction): TimelineKind {
	if (outcome === 'refused') return 'refusal';
	if (action === 'watch.wrote' || action === 'impersonation.wrote') return 'chat';
	if (action.startsWith('watch.')) return 'watch';
	if (action.startsWith('control.') || action === 'visit.ended') return 'steer';
	return action.startsWith('impersonation.') ? 'steer' : 'action';
}

/** Sentences and words that the log stores as keys. */
const NOTES: Record<string, string> = {
	...END_REASONS,
	...REASONS,
	// The staff member is told "you"; whoever watches or reviews is somebody else.
	switch_back: 'The staff member switched back.'
};

/** Why it ended, told to somebody else than the staff member; what is no reason of ours is told as over. */
export const endSentence = (reason: string): string =>
	Object.hasOwn(END_REASONS, reason) ? (NOTES[reason] ?? reason) : 'It is over.';

/** What a reader is told beside the title. */
const noteOf = ({ note }: LoggedAction): string | null =>
	note !== null && Object.hasOwn(NOTES, note) ? (NOTES[note] ?? note) : note;

const fromAction = (row: LoggedAction): TimelineEntry => ({
	id: row.seq,
	kind: kindOf(row),
	at: row.at,
	until: null,
	title: actionTitle(row.action, row.outcome),
	subject: row.subject,
	note: noteOf(row),
	by: row.by,
	pageId: row.pageId,
	cause: null
});

const fromView = (row: SeenView): TimelineEntry => ({
	id: row.id,
	kind: row.status < FIRST_REFUSED_STATUS ? 'view' : 'refusal',
	at: row.at,
	until: null,
	title: viewTitle(row.kind, row.status),
	subject: row.label ?? row.address,
	note: row.label === null ? null : row.address,
	by: row.by,
	pageId: row.pageId,
	cause: null
});

const fromPage = (page: OpenedPage): TimelineEntry => ({
	id: `page:${page.pageId}`,
	kind: 'page',
	at: page.openedAt,
	until: null,
	title: 'Page',
	subject: pageTitle(page.title) || page.address,
	note: page.address,
	by: null,
	pageId: page.pageId,
	cause: null
});

const fromGap = (gap: Gap): TimelineEntry => ({
	id: `gap:${gap.cause}:${gap.from}:${gap.pageId ?? ''}`,
	kind: 'gap',
	at: gap.from,
	until: gap.to,
	title: GAP_TITLES[gap.cause],
	subject: `for ${spanText(gap.to - gap.from)}`,
	note: gap.note,
	by: null,
	pageId: gap.pageId,
	cause: gap.cause
});

const fromFault = (row: SeenFault): TimelineEntry => ({
	id: `fault:${row.id}`,
	kind: 'fault',
	at: row.at,
	until: null,
	...faultTold(row),
	by: null,
	pageId: row.pageId,
	cause: null
});

/** An open two-person zone is a stretch: until it closed again, else until the end. */
function withZones(
	entries: readonly TimelineEntry[],
	{ actions, startedAt, lengthMs }: TimelineSource
): TimelineEntry[] {
	const closings = actions.filter(({ action }) => action === 'impersonation.zone_locked').map(({ at }) => at);
	return entries.map((entry, index) => {
		if (actions[index]?.action !== 'impersonation.zone_unlocked') return entry;
		return { ...entry, until: closings.find((at) => at >= entry.at) ?? startedAt + lengthMs };
	});
}

/** Order of what happened at the same millisecond: the page before what was done on it. */
const RANK: Record<TimelineKind, number> = {
	page: 0,
	gap: 1,
	steer: 2,
	view: 3,
	watch: 4,
	chat: 5,
	action: 6,
	refusal: 7,
	fault: 8
};

/**
 * All that is known of a recording on one clock, oldest first. What lies outside of the recording (the start is asked
 * for before the portal is entered) is moved to its nearer end, so that every entry can be jumped to.
 */
export function timelineEntries(source: TimelineSource): TimelineEntry[] {
	const within = (at: number): number =>
		Math.round(Math.min(Math.max(at - source.startedAt, 0), source.lengthMs));
	return [
		...source.pages.map(fromPage),
		...source.gaps.map(fromGap),
		...source.views.map(fromView),
		...withZones(source.actions.map(fromAction), source),
		...source.faults.map(fromFault)
	]
		.map((entry) => ({
			...entry,
			at: within(entry.at),
			until: entry.until === null ? null : within(entry.until)
		}))
		.toSorted((a, b) => a.at - b.at || RANK[a.kind] - RANK[b.kind]);
}

/** A moment of a recording as its list shows it: `00:42`, from an hour on `1:02:03`. */
export function clockText(ms: number): string {
	const total = Math.max(0, Math.floor(ms / 1000));
	const two = (value: number): string => String(value).padStart(2, '0');
	const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

/** The same as it is read aloud beside a slider: `0:42`. */
export const spokenClock = (ms: number): string => clockText(ms).replace(/^0(?=\d:)/, '');

function spanText(ms: number): string {
	const seconds = Math.max(1, Math.round(ms / 1000));
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "Created task Logo draft" */
export const entryText = (entry: Pick<TimelineEntry, 'title' | 'subject'>): string =>
	entry.subject === null ? entry.title : `${entry.title} ${entry.subject}`;

/** "00:42 Created task Logo draft" */
export const entryLabel = (entry: TimelineEntry): string => `${clockText(entry.at)} ${entryText(entry)}`;

/** The last entry that had happened by `at`, or -1: the row that is lit. Entries must be in order. */
export function currentIndex(entries: readonly TimelineEntry[], at: number): number {
	let low = 0;
	let high = entries.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((entries[middle]?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

/**
 * A page's own name out of its document's title: without the mark of an impersonation ("◉ Bea Morgan") before it and the
 * agency's name behind it.
 */
export function pageTitle(title: string): string {
	const parts = title.split(' · ');
	if (parts[0]?.startsWith('◉') && parts.length > 1) parts.shift();
	return parts[0]?.trim() ?? '';
}

/** A stretch of the recording during which one page was the newest one opened. */
