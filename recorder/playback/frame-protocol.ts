// Messages between an agency page and the player's frame on the replay host. The frame rebuilds hostile recordings, so
// the agency page takes nothing from it but these shapes; and the frame obeys nobody but the agency's origin.
import type { Mark, Place, ShownStretch } from '#protocol/help.ts';
import type { BatchHeader } from '#protocol/watch.ts';
import { isLoose } from '../format/events.ts';
import { isPersonalNote, type PersonalNote } from '../format/masked.ts';
import { isGrant } from './asset-addresses.ts';
import { isFilmIndex, type FilmIndex } from './film-index.ts';
import { isDrawing, isMark, isPlace, isPointerDeed, isShownStretch, isTool } from './help-shapes.ts';
import { type PointerDeed, type Tool } from './help-tool.ts';
import { TAIL_STARTS, type TailFacts } from './piece-source.ts';

/** A batch as it crosses: its buffer is transferred, not copied. */
export type CrossingBatch = { header: BatchHeader; bytes: ArrayBuffer };

/** What the frame asks for: it has no cookie and may fetch nothing itself. `request` comes back with the answer. */
export type Wanted =
	{ kind: 'block'; blockId: string } | { kind: 'tail'; pageId: string; from: number } | { kind: 'index' };

/** Agency page → frame. */
export type ToFrame =
	| { kind: 'hello' }
	/** With which pictures of the recording may be loaded from the frame's own host; before anything is shown. */
	| { kind: 'assets'; grant: string }
	| { kind: 'live:start' }
	| { kind: 'live:batch'; batch: CrossingBatch }
	| { kind: 'live:reset' }
	/** What the helper at this screen holds over the page. */
	| { kind: 'live:tool'; tool: Tool }
	| { kind: 'live:mark'; mark: Mark }
	/** `at`: ms since the start. */
	| { kind: 'replay:open'; film: FilmIndex; at: number }
	/** What helpers pointed at and drew, to be drawn over the replay that is opened next. */
	| { kind: 'replay:shown'; stretches: ShownStretch[] }
	/** A payload of block-payload.ts, transferred; with a rest that is not sealed yet, what the server says of it. */
	| { kind: 'replay:piece'; request: number; bytes: ArrayBuffer; tail: TailFacts | null }
	| { kind: 'replay:index'; request: number; film: FilmIndex }
	/** `gone`: no longer under this name; `failed`: not this time. */
	| { kind: 'replay:none'; request: number; why: 'gone' | 'failed' }
	/** The words behind the blocks of a page, for a reviewer who unmasked the recording. */
	| { kind: 'replay:words'; pageId: string; notes: PersonalNote[] }
	| { kind: 'replay:seek'; ms: number }
	| { kind: 'replay:play' }
	| { kind: 'replay:pause' }
	| { kind: 'replay:speed'; speed: number }
	/** To the next or last thing that happened. */
	| { kind: 'replay:step'; direction: 1 | -1 }
	| { kind: 'replay:skip'; isOn: boolean }
	/** Reads again what failed. */
	| { kind: 'replay:retry' };

/** Frame → agency page. */
export type FromFrame =
	/** `instance` differs for each document of the frame. */
	| { kind: 'ready'; instance: string }
	| { kind: 'size'; width: number; height: number }
	| { kind: 'shown'; pageId: string; seq: number; at: number }
	| { kind: 'rejoin'; reason: 'hidden' | 'hole' | 'damaged' }
	/** The helper at this screen points at or draws on that page. */
	| { kind: 'pointed'; pageId: string; at: Place | null }
	| {
			kind: 'drawn';
			pageId: string;
			stroke: number;
			node: number;
			points: [number, number][];
			isEnd: boolean;
	  }
	/** The holder of control at this screen clicks, scrolls or chooses. */
	| { kind: 'steered'; pageId: string; seq: number; deed: PointerDeed }
	| { kind: 'time'; ms: number }
	| { kind: 'state'; state: 'playing' | 'paused' | 'ended' }
	| { kind: 'loading'; loading: 'none' | 'loading' | 'failed' }
	/** Whether there is a picture of this moment. */
	| { kind: 'picture'; hasPicture: boolean }
	| { kind: 'wants'; request: number; wanted: Wanted }
	| { kind: 'damaged'; pageId: string; batches: number };

/** Marks our messages among those of extensions and dev tools. */
const MARK = 'switchback-player';

export const wrap = <T>(message: T): { mark: string; message: T } => ({ mark: MARK, message });

function unwrap(data: unknown): Record<string, unknown> | null {
	return isLoose(data) && data.mark === MARK && isLoose(data.message) ? data.message : null;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 100;

function isCrossingBatch(value: unknown): value is CrossingBatch {
	if (!isLoose(value) || !isLoose(value.header) || !(value.bytes instanceof ArrayBuffer)) return false;
	const { pageId, seq, offsetMs, receivedAt } = value.header;
	return isText(pageId) && isNumber(seq) && isNumber(offsetMs) && isNumber(receivedAt);
}

function isTailFacts(value: unknown): value is TailFacts {
	if (!isLoose(value) || !TAIL_STARTS.includes(value.checkpoint as TailFacts['checkpoint'])) return false;
	return isNumber(value.lastSeq) && typeof value.hasMore === 'boolean';
}

function isWanted(value: unknown): value is Wanted {
	if (!isLoose(value)) return false;
	if (value.kind === 'block') return isText(value.blockId);
	if (value.kind === 'tail')
		return isText(value.pageId) && Number.isSafeInteger(value.from) && (value.from as number) >= 0;
	return value.kind === 'index';
}

const toFrameChecks: { [K in ToFrame['kind']]: (message: Record<string, unknown>) => boolean } = {
	hello: () => true,
	assets: ({ grant }) => isGrant(grant),
	'live:start': () => true,
	'live:batch': ({ batch }) => isCrossingBatch(batch),
	'live:reset': () => true,
	'live:tool': ({ tool }) => isTool(tool),
	'live:mark': ({ mark }) => isMark(mark),
	'replay:open': ({ film, at }) => isFilmIndex(film) && isNumber(at),
	'replay:shown': ({ stretches }) => Array.isArray(stretches) && stretches.every(isShownStretch),
	'replay:piece': ({ request, bytes, tail }) =>
		isNumber(request) && bytes instanceof ArrayBuffer && (tail === null || isTailFacts(tail)),
	'replay:index': ({ request, film }) => isNumber(request) && isFilmIndex(film),
	'replay:none': ({ request, why }) => isNumber(request) && (why === 'gone' || why === 'failed'),
	'replay:words': ({ pageId, notes }) =>
		isText(pageId) && Array.isArray(notes) && notes.every(isPersonalNote),
	'replay:seek': ({ ms }) => isNumber(ms),
	'replay:play': () => true,
	'replay:pause': () => true,
	'replay:speed': ({ speed }) => isNumber(speed),
	'replay:step': ({ direction }) => direction === 1 || direction === -1,
	'replay:skip': ({ isOn }) => typeof isOn === 'boolean',
	'replay:retry': () => true
};

const fromFrameChecks: { [K in FromFrame['kind']]: (message: Record<string, unknown>) => boolean } = {
	ready: ({ instance }) => isText(instance),
	size: ({ width, height }) => isNumber(width) && isNumber(height) && width > 0 && height > 0,
	shown: ({ pageId, seq, at }) => isText(pageId) && isNumber(seq) && isNumber(at),
	rejoin: ({ reason }) => reason === 'hidden' || reason === 'hole' || reason === 'damaged',
	pointed: ({ pageId, at }) => isText(pageId) && (at === null || isPlace(at)),
	drawn: ({ pageId, ...drawing }) => isText(pageId) && isDrawing(drawing),
	steered: ({ pageId, seq, deed }) => isText(pageId) && isNumber(seq) && isPointerDeed(deed),
	time: ({ ms }) => isNumber(ms),
	state: ({ state }) => state === 'playing' || state === 'paused' || state === 'ended',
	loading: ({ loading }) => loading === 'none' || loading === 'loading' || loading === 'failed',
	picture: ({ hasPicture }) => typeof hasPicture === 'boolean',
	wants: ({ request, wanted }) => isNumber(request) && isWanted(wanted),
	damaged: ({ pageId, batches }) => isText(pageId) && isNumber(batches)
};

function check<T>(
	data: unknown,
	checks: Record<string, (message: Record<string, unknown>) => boolean>
): T | null {
	const message = unwrap(data);
	if (!message || typeof message.kind !== 'string' || !Object.hasOwn(checks, message.kind)) return null;
	return checks[message.kind]?.(message) ? (message as T) : null;
}

/** A message from the agency page, or null for anything else. */
export const readToFrame = (data: unknown): ToFrame | null => check<ToFrame>(data, toFrameChecks);

/** A message from the frame, or null for anything else. */
export const readFromFrame = (data: unknown): FromFrame | null => check<FromFrame>(data, fromFrameChecks);
