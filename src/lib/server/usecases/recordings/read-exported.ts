// What is in an exported recording: its pages with their batches, made safe again, since a file may have been made by anybody. The same
// verification as `verify-recording`; nothing of a file that does not pass it is read further.
import type { KeyObject } from 'node:crypto';
import { AppError } from '#domain/errors.ts';
import { PageClock } from '#recorder/format/align.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import { decodePayload } from '#recorder/format/block-payload.ts';
import {
	CUSTOM_TAGS,
	decodeBatch,
	encodeBatch,
	EVENT,
	isLoose,
	type RecordedEvent
} from '#recorder/format/events.ts';
import { makeSafe } from '#recorder/format/make-safe.ts';
import type { AssetLookup } from '#recorder/format/safe-css.ts';
import { openBlock, openDictionary } from '#server/recordings/sealed-object.ts';
import type { RecordingIndex } from './recording-index.ts';
import { verifyRecording, type ReadAt } from './verify-recording.ts';

/** Read as a whole into memory: an hour of a busy page, and no more. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export type ExportedFile = { read: ReadAt; size: number; trusted: KeyObject | null };

export type ExportedPage = {
	address: string;
	title: string;
	openedAt: number;
	/** Numbered from 0 without a hole; times are those of the file. */
	batches: FramedBatch[];
	events: number;
	/** Hub time of the first and the last event; null where there is none. */
	firstAt: number | null;
	lastAt: number | null;
};

type Page = RecordingIndex['pages'][number];

const isOfAnotherKey = ({ type, data }: RecordedEvent): boolean =>
	type === EVENT.custom && isLoose(data) && data.tag === CUSTOM_TAGS.personal;

/** As its own recorder would have sent it: what only the installation that made the file could open is left out. */
function safeBatches(batches: readonly FramedBatch[], allowedAssets: AssetLookup) {
	const styles = new Set<number>();
	return batches.map((batch) => {
		const events = makeSafe(decodeBatch(batch.bytes), { allowedAssets, styles });
		return { batch, events: events.filter((event) => !isOfAnotherKey(event)) };
	});
}

async function readPage({ read }: ExportedFile, page: Page, key: Buffer, allowedAssets: AssetLookup) {
	const place = page.dictionary;
	const dictionary = place && (await openDictionary(await read(place.at, place.bytes), key));
	const batches: FramedBatch[] = [];
	for (const { at, bytes } of page.blocks) {
		const { payload } = await openBlock(await read(at, bytes), { key, dictionary });
		batches.push(...decodePayload(payload).batches);
	}
	const clock = new PageClock(page.openedAt);
	const times: number[] = [];
	const safe = safeBatches(batches, allowedAssets).map(({ batch, events }, seq): FramedBatch => {
		for (const event of events) times.push(clock.align(event.timestamp, batch));
		return { ...batch, seq, bytes: encodeBatch(events) };
	});
	const { address, title, openedAt } = page;
	const [firstAt = null, lastAt = null] = [times[0], times.at(-1)];
	return { address, title, openedAt, batches: safe, events: times.length, firstAt, lastAt };
}

/** The key that lies in the file; whether it was made by whom it says, is for `trusted` to prove. */
async function readKey({ read, size }: ExportedFile): Promise<Buffer | null> {
	const tail = await read(size - 12, 12);
	const length = tail.readUInt32LE();
	const foot: unknown = JSON.parse((await read(size - 12 - length, length)).toString('utf8'));
	return isLoose(foot) && typeof foot.key === 'string' ? Buffer.from(foot.key, 'base64') : null;
}

/**
 * @throws AppError `too_large`; `invalid` for a file that is damaged, was exported without its key, or has a hole: batches are numbered
 * anew, which would hide it
 */
export async function readExported(file: ExportedFile, allowedAssets: AssetLookup): Promise<ExportedPage[]> {
	if (file.size > MAX_FILE_BYTES)
		throw new AppError('too_large', 'This recording is too large to be brought in.');
	const verified = await verifyRecording(file);
	if (!verified.whole) {
		const where = verified.block === null ? '' : ` Block ${verified.block}.`;
		throw new AppError('invalid', `This recording was not brought in: ${verified.fault}.${where}`);
	}
	if (verified.missing.length > 0)
		throw new AppError('invalid', 'This recording was not brought in: parts of it are missing.');
	const key = verified.isOpened ? await readKey(file) : null;
	if (!key)
		throw new AppError('invalid', 'This recording was exported without its key, so nobody can read it.');
	const pages: ExportedPage[] = [];
	try {
		for (const page of verified.index.pages) pages.push(await readPage(file, page, key, allowedAssets));
	} catch (error) {
		// What is signed may still hold batches that are none.
		const why = error instanceof Error ? error.message : '';
		throw new AppError('invalid', `This recording was not brought in: ${why}`);
	}
	return pages;
}
