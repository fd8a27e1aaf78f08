// Appends records to the newest segment file with group commit: what is queued while one write runs goes into the next.
import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '#domain/errors.ts';
import { SEGMENT_MAGIC } from './log-record.ts';
import { segmentPath } from './log-recovery.ts';
import { syncFolder } from './sync-folder.ts';

export type Written = { segment: number; offset: number };

type Queued = { record: Buffer; written(place: Written): void; refused(error: unknown): void };
type Segment = { number: number; file: FileHandle; bytes: number; isDirty: boolean };

/** Linux takes at most 1024 buffers in one writev. */
const MAX_GROUP_RECORDS = 1000;
/** Bounds what one failed write refuses, and the time until its first record is answered. */
const MAX_GROUP_BYTES = 8 * 1024 * 1024;

export class LogWriter {
	readonly #folder: string;
	readonly #segmentBytes: number;
	readonly #syncEveryMs: number;
	#nextNumber: number;
	#current: Segment | null = null;
	#queue: Queued[] = [];
	#writing: Promise<void> | null = null;
	#syncTimer: NodeJS.Timeout | null = null;
	#isClosed = false;

	constructor(options: { folder: string; segmentBytes: number; syncEveryMs: number; firstNumber: number }) {
		this.#folder = options.folder;
		this.#segmentBytes = options.segmentBytes;
		this.#syncEveryMs = options.syncEveryMs;
		this.#nextNumber = options.firstNumber;
	}

	/** Number of the file that is being written, which must not be deleted. */
	get current(): number | null {
		return this.#current?.number ?? null;
	}

	/**
	 * Appends one record. `written` is called in the order of the file, before the promise resolves, so that an index
	 * built in it sees records exactly as a recovery would.
	 * @throws AppError `try_later` when the disk refuses; nothing of the record is then kept
	 */
	append(record: Buffer, written: (place: Written) => void): Promise<void> {
		if (this.#isClosed) return Promise.reject(refusal('closed'));
		const done = new Promise<void>((resolve, reject) => {
			const settle = (place: Written) => {
				written(place);
				resolve();
			};
			this.#queue.push({ record, written: settle, refused: reject });
		});
		this.#writing ??= this.#drain();
		return done;
	}

	/** Ends the current file unless it is being written, so that it may be deleted; the next record opens a new one. */
	async rotateIfIdle(): Promise<void> {
		// Asked for by the last record itself, whose own writing is just about to end.
		if (this.#queue.length === 0) await this.#writing;
		if (!this.#writing) await this.#rotate();
	}

	async #rotate(): Promise<void> {
		const segment = this.#current;
		this.#current = null;
		if (!segment) return;
		try {
			await segment.file.datasync();
		} finally {
			await segment.file.close();
		}
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		await this.#writing;
		if (this.#syncTimer) clearTimeout(this.#syncTimer);
		await this.#rotate();
	}

	async #drain(): Promise<void> {
		// All that is appended in this turn of the loop goes into the first write.
		await new Promise((resolve) => setImmediate(resolve));
		while (this.#queue.length > 0) await this.#writeGroup(this.#takeGroup());
		this.#writing = null;
	}

	#takeGroup(): Queued[] {
		let bytes = 0;
		let count = 0;
		for (const { record } of this.#queue) {
			if (count === MAX_GROUP_RECORDS || (count > 0 && bytes + record.length > MAX_GROUP_BYTES)) break;
			bytes += record.length;
			count += 1;
		}
		return this.#queue.splice(0, count);
	}

	async #writeGroup(group: Queued[]): Promise<void> {
		try {
			const segment = await this.#openSegment();
			const start = segment.bytes;
			segment.bytes = await writeWhole(segment, group);
			segment.isDirty = true;
			this.#scheduleSync();
			let offset = start;
			for (const { record, written } of group) {
				written({ segment: segment.number, offset });
				offset += record.length;
			}
		} catch (error) {
			await this.#cutBack();
			for (const { refused } of group) refused(refusal((error as NodeJS.ErrnoException).code));
		}
	}

	async #openSegment(): Promise<Segment> {
		if (this.#current && this.#current.bytes >= this.#segmentBytes) await this.#rotate();
		if (this.#current) return this.#current;
		const number = this.#nextNumber;
		this.#nextNumber += 1;
		// Exclusive: a file of another process is never written into.
		const file = await open(segmentPath(this.#folder, number), 'wx', 0o600);
		const segment: Segment = { number, file, bytes: 0, isDirty: true };
		this.#current = segment;
		await syncFolder(this.#folder);
		await file.write(SEGMENT_MAGIC, 0, SEGMENT_MAGIC.length, 0);
		segment.bytes = SEGMENT_MAGIC.length;
		return segment;
	}

	/** After a failed write: takes away the torn part, so that neither a reader nor a recovery ever meets it. */
	async #cutBack(): Promise<void> {
		const segment = this.#current;
		if (!segment) return;
		try {
			await segment.file.truncate(segment.bytes);
			if (segment.bytes >= SEGMENT_MAGIC.length) return;
		} catch {
			// The disk does not even take that: the file is left behind, and the next start cuts what nobody was promised.
		}
		this.#current = null;
		await segment.file.close().catch(() => {
			// It is not used again whatever its last word was.
		});
	}

	#scheduleSync(): void {
		this.#syncTimer ??= setTimeout(() => void this.sync(), this.#syncEveryMs);
	}

	/** Against power loss; the death of this process alone loses nothing that write(2) took. */
	async sync(): Promise<void> {
		if (this.#syncTimer) clearTimeout(this.#syncTimer);
		this.#syncTimer = null;
		const segment = this.#current;
		if (!segment?.isDirty) return;
		segment.isDirty = false;
		try {
			await segment.file.datasync();
		} catch {
			// The kernel may drop pages it failed to write and call the file clean: never trust this file with more.
			if (this.#current === segment) this.#current = null;
		}
	}
}

/** @returns the file's length behind the group */
async function writeWhole(segment: Segment, group: Queued[]): Promise<number> {
	let position = segment.bytes;
	let rest = group.map(({ record }) => record);
	while (rest.length > 0) {
		const { bytesWritten } = await segment.file.writev(rest, position);
		position += bytesWritten;
		rest = behind(rest, bytesWritten);
	}
	return position;
}

/** A disk that fills up takes a part; what is left is tried again and then fails with the disk's own reason. */
function behind(buffers: Buffer[], bytes: number): Buffer[] {
	let skip = bytes;
	const rest: Buffer[] = [];
	for (const buffer of buffers) {
		if (skip < buffer.length) rest.push(buffer.subarray(skip));
		skip = Math.max(0, skip - buffer.length);
	}
	return rest;
}

const refusal = (errno: string | undefined): AppError =>
	new AppError('try_later', 'The recording could not be stored. It is tried again.', { errno });
