// Messages between an agency page and the player's frame on the replay host. The frame rebuilds hostile recordings, so
// the agency page takes nothing from it but these shapes; and the frame obeys nobody but the agency's origin.
import type { BatchHeader } from '#protocol/watch.ts';
import { isLoose } from '../format/events.ts';
import { isPersonalNote, type PersonalNote } from '../format/masked.ts';

/** A batch as it crosses: its buffer is transferred, not copied. */
export type CrossingBatch = { header: BatchHeader; bytes: ArrayBuffer };

/** Agency page → frame. */
export type ToFrame =
	| { kind: 'hello' }
	| { kind: 'live:start' }
	| { kind: 'live:batch'; batch: CrossingBatch }
	| { kind: 'live:reset' }
	| { kind: 'replay:open'; startAt: number; endAt: number }
	| { kind: 'replay:page'; pageId: string; batches: CrossingBatch[] }
	/** The words behind the blocks of a page, for a reviewer who unmasked the recording. */
	| { kind: 'replay:words'; pageId: string; notes: PersonalNote[] }
	| { kind: 'replay:seek'; ms: number }
	| { kind: 'replay:play' }
	| { kind: 'replay:pause' }
	| { kind: 'replay:speed'; speed: number }
	| { kind: 'replay:skip'; isOn: boolean };

/** Frame → agency page. */
export type FromFrame =
	/** `instance` differs for each document of the frame. */
	| { kind: 'ready'; instance: string }
	| { kind: 'size'; width: number; height: number }
	| { kind: 'shown'; pageId: string; seq: number; at: number }
	| { kind: 'rejoin'; reason: 'hidden' | 'hole' | 'damaged' }
	| { kind: 'time'; ms: number }
	| { kind: 'state'; state: 'playing' | 'paused' | 'ended' }
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

const toFrameChecks: { [K in ToFrame['kind']]: (message: Record<string, unknown>) => boolean } = {
	hello: () => true,
	'live:start': () => true,
	'live:batch': ({ batch }) => isCrossingBatch(batch),
	'live:reset': () => true,
	'replay:open': ({ startAt, endAt }) => isNumber(startAt) && isNumber(endAt),
	'replay:page': ({ pageId, batches }) =>
		isText(pageId) && Array.isArray(batches) && batches.every(isCrossingBatch),
	'replay:words': ({ pageId, notes }) =>
		isText(pageId) && Array.isArray(notes) && notes.every(isPersonalNote),
	'replay:seek': ({ ms }) => isNumber(ms),
	'replay:play': () => true,
	'replay:pause': () => true,
	'replay:speed': ({ speed }) => isNumber(speed),
	'replay:skip': ({ isOn }) => typeof isOn === 'boolean'
};

const fromFrameChecks: { [K in FromFrame['kind']]: (message: Record<string, unknown>) => boolean } = {
	ready: ({ instance }) => isText(instance),
	size: ({ width, height }) => isNumber(width) && isNumber(height) && width > 0 && height > 0,
	shown: ({ pageId, seq, at }) => isText(pageId) && isNumber(seq) && isNumber(at),
	rejoin: ({ reason }) => reason === 'hidden' || reason === 'hole' || reason === 'damaged',
	time: ({ ms }) => isNumber(ms),
	state: ({ state }) => state === 'playing' || state === 'paused' || state === 'ended',
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
