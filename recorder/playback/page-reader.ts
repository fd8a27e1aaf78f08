// Batches of one page into events that may be shown: decoded, made safe, on hub time. One reader per page and pass,
// since clock and known styles run on from batch to batch.
import type { BatchHeader } from '#protocol/watch.ts';
import { PageClock, type Received } from '../format/align.ts';
import { decodeBatch, type RecordedEvent } from '../format/events.ts';
import { makeSafe } from '../format/make-safe.ts';
import type { AssetLookup } from '../format/safe-css.ts';
import { ownFont } from './asset-addresses.ts';

export type ReceivedBatch = { header: BatchHeader; bytes: Uint8Array };

export class PageReader {
	private readonly clock: PageClock;
	private readonly styles = new Set<number>();
	private readonly assets: AssetLookup;

	/** `clock`: where the batches before the first one had left the page's clock. `assets`: where its pictures are. */
	constructor(clock = new PageClock(), assets: AssetLookup = ownFont) {
		this.clock = clock;
		this.assets = assets;
	}

	/** Hub time of the latest event so far; -Infinity before the first. */
	get reached(): number {
		return this.clock.reached;
	}

	/** Events with hub time as their timestamp; throws when the batch is none. */
	read({ header, bytes }: { header: Received; bytes: Uint8Array }): RecordedEvent[] {
		const events = this.safe(decodeBatch(bytes));
		return events.map((event) => ({ ...event, timestamp: this.clock.align(event.timestamp, header) }));
	}

	/** Events that are on hub time already: a checkpoint. */
	safe(events: RecordedEvent[]): RecordedEvent[] {
		return makeSafe(events, { allowedAssets: this.assets, styles: this.styles });
	}
}
