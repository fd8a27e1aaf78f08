// The index at the end of an exported recording, and what of it is signed. Stored format, recorder/format/SPEC.md
// §Exported recording; version 1 stays readable for ever [H4].
import { z } from 'zod';
import { CHECKPOINTS } from '#recorder/format/block-header.ts';
import { sha256 } from '#server/recordings/batch-chain.ts';

export const FILE_MAGIC = Buffer.from('SWBKREC1');
export const END_MAGIC = Buffer.from('SWBKEND1');
const FORMAT = 'switchback.recording.1';

/** An index larger than this is none of ours: an hour of blocks takes up a hundred kilobytes. */
export const MAX_INDEX_BYTES = 64 * 1024 * 1024;

const whole = z.number().int().nonnegative();
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const object = z.object({ at: whole, bytes: whole, sha256: hex });

const block = object.extend({
	firstSeq: whole,
	lastSeq: whole,
	events: whole,
	fromAt: z.number(),
	toAt: z.number(),
	checkpoint: z.enum(CHECKPOINTS),
	/** base64 */
	activity: z.string(),
	batchHash: hex
});

const page = z.object({
	id: z.uuid(),
	address: z.string(),
	title: z.string(),
	openedAt: z.number(),
	dictionary: object.nullable(),
	blocks: z.array(block)
});

export const recordingIndex = z.object({
	format: z.literal(FORMAT),
	agencyId: z.uuid(),
	impersonationId: z.uuid(),
	client: z.string(),
	contact: z.string(),
	staff: z.string(),
	mode: z.string(),
	reason: z.string(),
	ticket: z.string().nullable(),
	startedAt: z.number(),
	endedAt: z.number().nullable(),
	exportedAt: z.number(),
	pages: z.array(page)
});
export type RecordingIndex = z.infer<typeof recordingIndex>;

/** What stands behind the objects: the index as the text that was signed, so that nobody need write it down the same way. */
export const recordingFoot = z.object({
	index: z.string(),
	signature: z.base64(),
	publicKey: z.string(),
	/** The recording's own key, base64, where it was asked for. */
	key: z.base64().optional()
});
export type RecordingFoot = z.infer<typeof recordingFoot>;

export const newIndex = (facts: Omit<RecordingIndex, 'format'>): RecordingIndex => ({
	format: FORMAT,
	...facts
});

export const signedBytes = ({ agencyId, impersonationId }: RecordingIndex, text: string): Buffer =>
	Buffer.from(JSON.stringify([FORMAT, agencyId, impersonationId, sha256(Buffer.from(text)).toString('hex')]));
