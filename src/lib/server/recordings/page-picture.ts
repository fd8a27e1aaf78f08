// What a page shows after its last batch: one checkpoint for a watcher who comes late, made on a document of its own.
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import { encodeBatch, EVENT, type RecordedEvent } from '#recorder/format/events.ts';
import type { PageClock } from '#recorder/format/align.ts';
import type { Shadow } from './shadow.ts';

export type Picture = {
	/** Only of a whole one there are events. */
	state: Shadow['state'];
	/** The highest number that is in it; what follows it goes on from here. */
	seq: number;
	/** Hub time of all its events. */
	at: number;
	/** UTF-8 JSON, as a batch. */
	events: Uint8Array<ArrayBuffer>;
};

/** The batches as they can be read: null for one that cannot. */
export type ReadBatches = readonly { batch: FramedBatch; events: readonly RecordedEvent[] | null }[];

/** Where the page stands: its document, which is thrown away after it, and the last number that is in it. */
export type PictureStart = { shadow: Shadow; clock: PageClock; seq: number; isUnsure: boolean };

/** The page after these batches. */
export function takePicture({ shadow, clock, seq, isUnsure }: PictureStart, read: ReadBatches): Picture {
	let last = seq;
	let isBroken = isUnsure;
	for (const { batch, events } of read) {
		// What is missing or cannot be read leaves the picture in doubt until the page gives a new one.
		isBroken ||= batch.seq !== last + 1 || !events;
		last = batch.seq;
		for (const event of events ?? []) {
			const timestamp = clock.align(event.timestamp, batch);
			shadow.apply({ ...event, timestamp });
			if (event.type === EVENT.fullSnapshot) isBroken = false;
		}
	}
	const state = isBroken && shadow.state !== 'too-large' ? 'unsure' : shadow.state;
	const at = clock.reached;
	const events = state === 'whole' ? encodeBatch(shadow.checkpoint(at)) : new Uint8Array();
	return { state, seq: last, at, events };
}
