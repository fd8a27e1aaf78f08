// Inflates small messages in the hub's own thread. The library hands each to another thread three times and waits for it, which
// costs many times what inflating a few hundred bytes does. Its own inflater is used, so that what a message refers back to
// (context takeover) is there whichever way it takes; large messages and pieces of messages take the library's.
import { constants } from 'node:zlib';
import type { Socket } from 'engine.io';

/** Inflating so much takes a fraction of a millisecond at worst, however well it was deflated: what comes of it has its limit. */
const HERE_UP_TO_BYTES = 8 * 1024;

/** What each message's end is left without on the way (RFC 7692 §7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

type Listener = (error: Error) => void;

/** Of Node's `InflateRaw`, what works on a chunk in this turn; it closes its handle after it, which is undone. */
type Inflate = {
	_handle: { close(): void } | null;
	_processChunk(chunk: Buffer, flush: number): Buffer;
	_maxOutputLength: number;
	listeners(event: 'error'): Listener[];
	on(event: 'error', listener: Listener): unknown;
	off(event: 'error', listener: Listener): unknown;
};
type Done = (error: Error | null, message?: Buffer) => void;

/** The library's extension of a connection, as far as it is used; private to it. */
export type Deflating = {
	decompress(frame: Buffer, isLast: boolean, done: Done): void;
	/** Made with the first message, gone after an error. */
	_inflate?: Inflate | null;
	params?: Record<string, unknown>;
};

const ignore = (): void => undefined;

/** @throws for what was not deflated, or is too much: the connection ends, and the inflater with it */
function inflateNow(inflate: Inflate, handle: { close(): void }, frame: Buffer): Buffer {
	// The library's own listener would answer its last question once more.
	const listeners = inflate.listeners('error');
	for (const listener of listeners) inflate.off('error', listener);
	handle.close = ignore;
	let isDone = false;
	try {
		// A copy: the next message is written over it.
		const message = Buffer.from(inflate._processChunk(Buffer.concat([frame, TAIL]), constants.Z_SYNC_FLUSH));
		isDone = true;
		return message;
	} finally {
		Reflect.deleteProperty(handle, 'close');
		if (!isDone) handle.close();
		inflate._handle = isDone ? handle : null;
		for (const listener of inflate.listeners('error')) inflate.off('error', listener);
		// An error is thrown here and told again in the next turn.
		for (const listener of isDone ? listeners : [ignore]) inflate.on('error', listener);
	}
}

/** Takes the inflating of a connection's small messages over. */
export function inflateSmallHere(deflating: Deflating, maxBytes: number): void {
	const elsewhere = deflating.decompress.bind(deflating);
	const forgets = deflating.params?.['client_no_context_takeover'] === true;
	let isInPieces = false;
	deflating.decompress = (frame, isLast, done) => {
		const isWhole = isLast && !isInPieces;
		isInPieces = !isLast;
		const inflate = deflating._inflate;
		const handle = inflate?._handle;
		if (!isWhole || forgets || frame.length > HERE_UP_TO_BYTES || !handle || !inflate._processChunk)
			return elsewhere(frame, isLast, done);
		inflate._maxOutputLength = maxBytes;
		let result: Parameters<Done>;
		try {
			result = [null, inflateNow(inflate, handle, frame)];
		} catch (error) {
			deflating._inflate = null;
			result = [error as Error];
		}
		// Never in this turn: the library is in the middle of its loop over what was read.
		queueMicrotask(() => done(...result));
	};
}

/** The same of a connection to the hub, before anything was sent on it; one on which nothing is deflated is left alone. */
export function inflateMessages(connection: Pick<Socket, 'transport'>, maxBytes: number): void {
	const { socket } = connection.transport as { socket?: { _extensions?: Record<string, Deflating> } };
	const deflating = socket?._extensions?.['permessage-deflate'];
	if (deflating?.decompress) inflateSmallHere(deflating, maxBytes);
}
