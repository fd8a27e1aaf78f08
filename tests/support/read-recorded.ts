// A page's batches as the player gets them: block by block, then what is not sealed yet.
import type { StaffActor } from '#domain/actor.ts';
import { readFrames, type FramedBatch } from '#recorder/format/block-frames.ts';
import { framesOf } from '#recorder/format/block-payload.ts';
import type { composeRecordings } from '#server/compose/recordings.ts';

const batchesIn = (payload: Uint8Array): FramedBatch[] =>
	readFrames(framesOf(payload)).batches.map((batch) => ({ ...batch, bytes: new Uint8Array(batch.bytes) }));

/** Nothing for a page of which nothing is left. */
export async function readAllBatches(
	recordings: ReturnType<typeof composeRecordings>,
	actor: StaffActor,
	{ impersonationId, pageId }: { impersonationId: string; pageId: string }
): Promise<FramedBatch[]> {
	const { pages } = await recordings.readFilm(actor, { impersonationId });
	const page = pages.find((one) => one.pageId === pageId);
	const read: FramedBatch[] = [];
	for (const { id } of page?.blocks ?? [])
		read.push(...batchesIn(await recordings.readBlock(actor, { impersonationId, blockId: id })));
	for (let from = page?.tailFrom ?? null; from !== null;) {
		const tail = await recordings.readTail(actor, { impersonationId, pageId, from });
		read.push(...batchesIn(tail.payload));
		from = tail.isCut ? tail.lastSeq + 1 : null;
	}
	return read;
}
