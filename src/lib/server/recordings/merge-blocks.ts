// Several blocks that follow each other into one: the first one's checkpoint, all of their batches, the same batch chain.
import { isInteraction } from '#recorder/format/activity.ts';
import { encodeActivity } from '#recorder/format/block-activity.ts';
import { frameBatch } from '#recorder/format/block-frames.ts';
import type { BlockHeader } from '#recorder/format/block-header.ts';
import { clockOf, decodePayload, encodePayload, type BlockPayload } from '#recorder/format/block-payload.ts';
import { decodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import { chainOver } from './batch-chain.ts';
import { openBlock, sealBlock, type Dictionary } from './sealed-object.ts';
import type { SealedBlock } from './page-sealer.ts';

type Opened = { header: BlockHeader; payload: BlockPayload };

const readEvents = (bytes: Uint8Array): RecordedEvent[] => {
	try {
		return decodeBatch(bytes);
	} catch {
		// Kept as it was sealed: the block it came from says that the picture is in doubt behind it.
		return [];
	}
};

/** When something came and was done, told anew from the events: cells of several lengths cannot be added. */
function activityOf(span: { fromAt: number; toAt: number }, payload: BlockPayload): Uint8Array {
	const clock = clockOf(payload);
	const acts: number[] = [];
	const batches = payload.batches.map((batch) => {
		for (const event of readEvents(batch.bytes)) {
			const at = clock.align(event.timestamp, batch);
			if (isInteraction(event)) acts.push(at);
		}
		return clock.reached;
	});
	return encodeActivity(span, { batches, acts });
}

/** @throws Error when they do not follow each other or their batches are not those that were hashed */
function requireChain(opened: readonly Opened[]): void {
	for (const [index, { header, payload }] of opened.entries()) {
		const before = opened[index - 1]?.header;
		const follows =
			!before || (before.lastSeq + 1 === header.firstSeq && same(before.batchHash, header.previousHash));
		if (!follows) throw new Error(`the block of batch ${header.firstSeq} does not follow the one before it`);
		if (!same(chainOver(header.previousHash, payload.batches), header.batchHash))
			throw new Error(`the batches from ${header.firstSeq} on are not those that were sealed`);
	}
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);

/** @throws Error as above, or when one of them does not open */
export async function mergeBlocks(
	objects: readonly Uint8Array[],
	how: { key: Uint8Array; dictionary: Dictionary | null }
): Promise<Omit<SealedBlock, 'dictionary'>> {
	const opened: Opened[] = [];
	for (const object of objects) {
		const { header, payload } = await openBlock(object, how);
		opened.push({ header, payload: decodePayload(payload) });
	}
	const [first, last] = [opened[0], opened.at(-1)];
	if (!first || !last) throw new RangeError('there is nothing to merge');
	requireChain(opened);
	const batches = opened.flatMap(({ payload }) => payload.batches);
	const span = { fromAt: first.header.fromAt, toAt: last.header.toAt };
	const figures = {
		...span,
		firstSeq: first.header.firstSeq,
		lastSeq: last.header.lastSeq,
		events: opened.reduce((sum, { header }) => sum + header.events, 0),
		checkpoint: first.header.checkpoint,
		batchHash: last.header.batchHash
	};
	const payload = encodePayload({ ...first.payload, frames: batches.map(frameBatch) });
	const object = sealBlock({ ...first.header, ...figures, batches: batches.length }, payload, {
		...how,
		effort: 'kept'
	});
	return { object, figures: { ...figures, activity: activityOf(span, { ...first.payload, batches }) } };
}
