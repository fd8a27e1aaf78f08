// What is recorded and how a batch of it is written: UTF-8 JSON, an array of events. Stored format: changes only by
// adding [H4]. Reading is strict about the shape of an event and says nothing about its content; see make-safe.ts.

/** rrweb's event types by number; 8 and above do not exist for us. */
export const EVENT = {
	domContentLoaded: 0,
	load: 1,
	fullSnapshot: 2,
	incremental: 3,
	meta: 4,
	custom: 5,
	plugin: 6,
	asset: 7
} as const;

/** rrweb's sources of an incremental event. */
export const SOURCE = {
	mutation: 0,
	mouseMove: 1,
	mouseInteraction: 2,
	scroll: 3,
	viewportResize: 4,
	input: 5,
	touchMove: 6,
	mediaInteraction: 7,
	styleSheetRule: 8,
	canvasMutation: 9,
	font: 10,
	log: 11,
	drag: 12,
	styleDeclaration: 13,
	selection: 14,
	adoptedStyleSheet: 15,
	customElement: 16
} as const;

/** Custom events of our own; any other tag in a recording is not ours and is dropped. */
export const CUSTOM_TAGS = {
	/** Events were left out or lost; payload `{ moves, scrolls, events }`, how many of each as far as is known. */
	dropped: 'dropped',
	/** Something about the page that explains why little or nothing came began or ended; payload `StretchMark`. */
	stretch: 'stretch',
	/** A key was pressed; which one is never said. It keeps the idle limit away while somebody reads by keyboard. */
	key: 'key',
	/** Personal data that stands as blocks elsewhere, as cipher text; payload `PersonalPayload`, see masked.ts. */
	personal: 'personal'
} as const;

/** The tab was not to be seen, had no network, stood still by the browser's will, or could not reach the hub. */
export const STRETCHES = ['hidden', 'offline', 'frozen', 'silent'] as const;

/** `ms`: how long it had lasted when this was said, by a clock that nobody can set. */
export type StretchMark = { what: (typeof STRETCHES)[number]; state: 'begins' | 'ends'; ms: number };

/** One event as recorded; `timestamp` is the page's own clock in ms, see align.ts. */
export type RecordedEvent = { type: number; timestamp: number; data: unknown };

/** An object of unknown content, as found in a recording. */
export type Loose = Record<string, unknown>;

/** True for a plain object: what JSON calls an object, never an array. */
export function isLoose(value: unknown): value is Loose {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** More events than any recorder of ours puts into a batch, however it was joined: beyond it the bytes are an attack. */
export const MAX_DECODED_EVENTS = 100_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Joins events that are already JSON text into the bytes of a batch. */
export function encodeTexts(texts: string[]): Uint8Array<ArrayBuffer> {
	return encoder.encode(`[${texts.join(',')}]`);
}

/** Bytes of a batch. */
export function encodeBatch(events: RecordedEvent[]): Uint8Array<ArrayBuffer> {
	return encoder.encode(JSON.stringify(events));
}

/**
 * Events of a batch; throws a plain Error on anything that is not one. Each call parses afresh, since rrweb's Replayer
 * changes the events it is given (recording.md §1.3).
 */
export function decodeBatch(bytes: Uint8Array): RecordedEvent[] {
	let text: string;
	try {
		text = decoder.decode(bytes);
	} catch (error) {
		throw new Error('A batch is not UTF-8 JSON', { cause: error });
	}
	return decodeText(text);
}

/** The same of a batch that came as text. */
export function decodeText(text: string): RecordedEvent[] {
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch (error) {
		throw new Error('A batch is not UTF-8 JSON', { cause: error });
	}
	if (!Array.isArray(parsed)) throw new Error('A batch is not an array of events');
	if (parsed.length > MAX_DECODED_EVENTS) throw new Error('A batch holds too many events');
	return parsed.map(toEvent);
}

function toEvent(value: unknown): RecordedEvent {
	if (!isLoose(value)) throw new Error('An event is not an object');
	const { type, timestamp } = value;
	if (
		typeof type !== 'number' ||
		!Number.isInteger(type) ||
		type < EVENT.domContentLoaded ||
		type > EVENT.asset
	)
		throw new Error('An event has no known type');
	if (typeof timestamp !== 'number' || !Number.isFinite(timestamp)) throw new Error('An event has no time');
	if (!Object.hasOwn(value, 'data')) throw new Error('An event has no data');
	return { type, timestamp, data: value.data };
}
