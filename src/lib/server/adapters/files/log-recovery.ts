// Reads every segment at start and cuts each at its first bad record: behind it nothing can be trusted to begin.
import {
	closeSync,
	existsSync,
	fdatasyncSync,
	fstatSync,
	ftruncateSync,
	openSync,
	readdirSync,
	readSync
} from 'node:fs';
import path from 'node:path';
import type { LogDamage } from '#server/ports/live-log.ts';
import type { LogIndex } from './log-index.ts';
import { decodeHead, PREFIX_BYTES, recordLength, SEGMENT_MAGIC } from './log-record.ts';

const SEGMENT_NAME = /^segment-(\d{8})\.log$/;

/** Read at once; larger records widen it for themselves. */
const WINDOW_BYTES = 1024 * 1024;

export const segmentPath = (folder: string, number: number): string =>
	path.join(folder, `segment-${String(number).padStart(8, '0')}.log`);

/** Numbers of the segment files in the folder, oldest first. */
export const segmentNumbers = (folder: string): number[] =>
	(existsSync(folder) ? readdirSync(folder) : [])
		.map((name) => Number(SEGMENT_NAME.exec(name)?.[1] ?? Number.NaN))
		.filter((number) => !Number.isNaN(number))
		.toSorted((a, b) => a - b);

/** Puts a segment's records into the index. @returns what had to be cut, or null */
export function recoverSegment(
	folder: string,
	number: number,
	index: LogIndex,
	now: number
): LogDamage | null {
	const file = segmentPath(folder, number);
	const fd = openSync(file, 'r+');
	try {
		const size = fstatSync(fd).size;
		const goodBytes = take(fd, size, number, index);
		if (goodBytes === size) return null;
		ftruncateSync(fd, goodBytes);
		fdatasyncSync(fd);
		return { file: path.basename(file), at: goodBytes, lostBytes: size - goodBytes, foundAt: now };
	} finally {
		closeSync(fd);
	}
}

/** The same of a segment that another process may be writing or deleting: its end is left as it is. */
export function lookAtSegment(folder: string, number: number, index: LogIndex): void {
	let fd: number;
	try {
		fd = openSync(segmentPath(folder, number), 'r');
	} catch (error) {
		// All of it was sealed meanwhile.
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
		throw error;
	}
	try {
		take(fd, fstatSync(fd).size, number, index);
	} finally {
		closeSync(fd);
	}
}

/** @returns the byte behind the last good record */
function take(fd: number, size: number, number: number, index: LogIndex): number {
	index.segment(number);
	return scan(fd, size, (record, at) => {
		const head = decodeHead(record);
		if (head) index.record(head, number, at, record.length);
		return head !== null;
	});
}

/** @returns the byte behind the last good record */
function scan(fd: number, size: number, take: (record: Buffer, at: number) => boolean): number {
	const read = windowOver(fd, size);
	if (!read(0, SEGMENT_MAGIC.length)?.equals(SEGMENT_MAGIC)) return 0;
	let at = SEGMENT_MAGIC.length;
	for (;;) {
		const prefix = read(at, PREFIX_BYTES);
		const length = prefix && recordLength(prefix);
		const record = length ? read(at, length) : null;
		if (!record || !take(record, at)) return at;
		at += record.length;
	}
}

/** Reads through one buffer, so that a start over gigabytes of segments holds a megabyte. */
function windowOver(fd: number, size: number): (at: number, length: number) => Buffer | null {
	let start = 0;
	let buffer = Buffer.alloc(0);
	return (at, length) => {
		if (at + length > size) return null;
		if (at < start || at + length > start + buffer.length) {
			const wanted = Buffer.allocUnsafe(Math.min(Math.max(length, WINDOW_BYTES), size - at));
			buffer = wanted.subarray(0, readFully(fd, wanted, at));
			start = at;
		}
		const part = buffer.subarray(at - start, at - start + length);
		return part.length === length ? part : null;
	};
}

function readFully(fd: number, buffer: Buffer, position: number): number {
	let done = 0;
	while (done < buffer.length) {
		const count = readSync(fd, buffer, done, buffer.length - done, position + done);
		if (count === 0) break;
		done += count;
	}
	return done;
}
