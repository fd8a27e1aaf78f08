// A page's batches as the player's page gets them.
import type { StaffActor } from '#domain/actor.ts';
import type { composeRecordings } from '#server/compose/recordings.ts';
import { readBatchFrames, type FramedBatch } from '../../src/lib/live/read-batch-frames.ts';

export async function readAllBatches(
	recordings: ReturnType<typeof composeRecordings>,
	actor: StaffActor,
	{ impersonationId, pageId }: { impersonationId: string; pageId: string }
): Promise<FramedBatch[]> {
	const chunks = await Array.fromAsync(await recordings.readPageBatches(actor, { impersonationId, pageId }));
	const { batches, isWhole } = readBatchFrames(pageId, Uint8Array.from(Buffer.concat(chunks)).buffer);
	if (!isWhole) throw new Error('the answer was cut');
	return batches.map((batch) => ({ ...batch, bytes: new Uint8Array(batch.bytes) }));
}
