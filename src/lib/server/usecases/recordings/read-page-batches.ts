// The recorded events of one page, for the player. Handed out only to someone who opened the replay, so that no picture
// of a client's data leaves without its row in the log.
import type { StaffActor } from '#domain/actor.ts';
import { frameBatch, type FramedBatch } from '#recorder/format/block-frames.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { BlockReader } from '#server/recordings/block-reader.ts';
import { readBatches } from './read-batches.ts';
import { requireOpenedPage } from './require-opened.ts';

async function* frames(batches: AsyncIterable<FramedBatch>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	for await (const batch of batches) yield frameBatch(batch);
}

/**
 * All batches of one page, framed, in the order of their numbers.
 * @throws AppError `not_allowed` without the permission `review` or before the replay was opened; `not_found`
 */
export const readPageBatches =
	(sources: { db: Db; liveLog: LiveLog; reader: BlockReader }) =>
	async (
		actor: StaffActor,
		input: { impersonationId: string; pageId: string }
	): Promise<AsyncGenerator<Uint8Array<ArrayBuffer>>> =>
		frames(readBatches(sources, await requireOpenedPage(sources.db, actor, input)));
