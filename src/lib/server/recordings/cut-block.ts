// Where one block ends and the next begins. Pure.
import { PageClock } from '#recorder/format/align.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import type { RecordedEvent } from '#recorder/format/events.ts';
import { BLOCK_BYTES, BLOCK_SPAN_MS } from './seal-limits.ts';

export type ReadBatch = { batch: FramedBatch; events: readonly RecordedEvent[] | null };

/** Hub times of a batch's first and last event, as the page's clock will tell them when it gets there. */
function spanOf({ batch, events }: ReadBatch, reached: number): { from: number; until: number } {
	const clock = new PageClock(reached);
	const times = (events ?? []).map(({ timestamp }) => clock.align(timestamp, batch));
	return { from: times[0] ?? clock.reached, until: clock.reached };
}

/**
 * How many of these batches, from the first on, make one block; 0 while they fill none. A block ends where its batches'
 * times (of what happened, or of receipt) or their bytes would pass the limit.
 * @param reached where the page's clock stands before them
 * @param isRest whether they may make a block without filling it
 */
export function cutBlock(read: readonly ReadBatch[], reached: number, isRest: boolean): number {
	const [first] = read;
	if (!first) return 0;
	let bytes = 0;
	let time = reached;
	let from: number | null = null;
	for (const [index, one] of read.entries()) {
		const { from: starts, until } = spanOf(one, time);
		bytes += one.batch.bytes.byteLength;
		const span = Math.max(until - (from ?? starts), one.batch.receivedAt - first.batch.receivedAt);
		if (index > 0 && (span > BLOCK_SPAN_MS || bytes > BLOCK_BYTES)) return index;
		if (one.events && one.events.length > 0) from ??= starts;
		time = until;
	}
	return isRest || bytes > BLOCK_BYTES ? read.length : 0;
}
