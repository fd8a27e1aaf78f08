// Batches of one page into events that may be shown: decoded, made safe, on hub time. One reader per page and pass,
// since clock and known styles run on from batch to batch.
import type { BatchHeader } from '#protocol/watch.ts';
import { PageClock } from '../format/align.ts';
import { decodeBatch, type RecordedEvent } from '../format/events.ts';
import { makeSafe } from '../format/make-safe.ts';

export type ReceivedBatch = { header: BatchHeader; bytes: Uint8Array };

export class PageReader {
	private readonly clock = new PageClock();
	private readonly styles = new Set<number>();

	/** Events with hub time as their timestamp; throws when the batch is none. */
	read({ header, bytes }: ReceivedBatch): RecordedEvent[] {
		// No asset store yet: pictures and fonts that are not inlined are shown as grey boxes.
		const events = makeSafe(decodeBatch(bytes), { allowedAssets: () => null, styles: this.styles });
		return events.map((event) => ({ ...event, timestamp: this.clock.align(event.timestamp, header) }));
	}
}
