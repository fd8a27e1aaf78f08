// What a player must know of a recording before it reads any event: its pages, their blocks, and when somebody acted. It
// crosses from the agency page into the frame, so its shape is checked; the server reads it out of its rows.
import { cellMs, decodeActivity } from '../format/block-activity.ts';
import { CHECKPOINTS, type CheckpointKind } from '../format/block-header.ts';
import { isLoose } from '../format/events.ts';

/** Hub times. */
export type Span = { from: number; to: number };

export type IndexedBlock = {
	id: string;
	firstSeq: number;
	lastSeq: number;
	fromAt: number;
	toAt: number;
	checkpoint: CheckpointKind;
	/** Cells of block-activity.ts, base64. */
	activity: string;
};

export type IndexedPage = {
	pageId: string;
	firstEventAt: number;
	lastEventAt: number;
	/** In the order of their numbers. */
	blocks: IndexedBlock[];
	/** Number of the first batch that is in no block yet, or null. */
	tailFrom: number | null;
};

export type FilmIndex = {
	/** Hub times of the recording's beginning and end; the end is now while it runs. */
	startAt: number;
	endAt: number;
	isRunning: boolean;
	pages: IndexedPage[];
};

/** Far above a block's cells; what is longer is none of ours. */
const MAX_ACTIVITY = 1_000;
const MAX_ID = 100;

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown, max: number): value is string =>
	typeof value === 'string' && value.length <= max;

function isBlock(value: unknown): value is IndexedBlock {
	if (!isLoose(value) || !isText(value.id, MAX_ID) || !isText(value.activity, MAX_ACTIVITY)) return false;
	const { firstSeq, lastSeq, fromAt, toAt, checkpoint } = value;
	const isKnown = CHECKPOINTS.includes(checkpoint as CheckpointKind);
	return (
		isSeq(firstSeq) && isSeq(lastSeq) && lastSeq >= firstSeq && isTime(fromAt) && isTime(toAt) && isKnown
	);
}

function isPage(value: unknown): value is IndexedPage {
	if (!isLoose(value) || !isText(value.pageId, MAX_ID)) return false;
	const { firstEventAt, lastEventAt, blocks, tailFrom } = value;
	if (!isTime(firstEventAt) || !isTime(lastEventAt) || (tailFrom !== null && !isSeq(tailFrom))) return false;
	return Array.isArray(blocks) && blocks.every(isBlock);
}

export function isFilmIndex(value: unknown): value is FilmIndex {
	if (!isLoose(value) || !isTime(value.startAt) || !isTime(value.endAt)) return false;
	return typeof value.isRunning === 'boolean' && Array.isArray(value.pages) && value.pages.every(isPage);
}

/** When somebody acted in this block, as exactly as its cells say; none where they are no base64. */
export function actsOf(block: IndexedBlock): Span[] {
	let text: string;
	try {
		text = atob(block.activity);
	} catch {
		return [];
	}
	const cells = Uint8Array.from(text, (char) => char.charCodeAt(0));
	const acted = decodeActivity(block, cells).filter(({ hasActed }) => hasActed);
	return acted.map(({ at }) => ({ from: at, to: Math.min(block.toAt, at + cellMs(block)) }));
}
