// One page's recording on its way out: ties batches, connection, hand-over and the state the banner shows together.
// 'live' is said only while the page's full snapshot is acknowledged and nothing waits for longer than the lease.
import { LEASE_MS } from '#protocol/limits.ts';
import type { Refusal } from '#protocol/refusals.ts';
import type { SessionState } from '#protocol/session.ts';
import type { RecordedEvent } from '../format/events.ts';
import { Batcher, type Dropped } from './batcher.ts';
import { deliverHandedOver } from './deliver-handed-over.ts';
import type { HandoverStore } from './handover.ts';
import { FLUSH_BEFORE_END_MS } from './limits.ts';
import { Uplink } from './uplink.ts';
import type { OpenWire, Wire } from './wire.ts';

export type RecordingState = 'live' | 'connecting' | 'silent' | 'stopped';

export type DeliveryOptions = {
	ticket: string;
	pageId: string;
	openWire: OpenWire;
	store: HandoverStore;
	onState(state: SessionState): void;
	onRecording(state: RecordingState, why?: string): void;
	onEnded(ended: { reason: string }): void;
	/** A connection is ready, or a batch was closed: tell where the page is. */
	onConnected(): void;
	onFlush(): void;
	/** There is room again after events were left out: mark it, and photograph the page if more than moves are missing. */
	onRecovered(dropped: Dropped): void;
};

/** How often the lease is looked at; it only paints the banner, the hub decides by its own clock. */
const WATCH_MS = 1_000;

/** A page whose every snapshot is refused will not get better. */
const MAX_RESTARTS = 3;

export class Delivery {
	private readonly options: DeliveryOptions;
	private readonly uplink: Uplink;
	private readonly batcher: Batcher;
	private readonly wire: Wire;
	private readonly stopHandedOver: () => void;
	private readonly watch: ReturnType<typeof setInterval>;
	private isConnected = false;
	private wasConnected = false;
	private isOver = false;
	/** Number of the batch with the first full snapshot. */
	private snapshotSeq = Number.POSITIVE_INFINITY;
	private lastGoodAt = Date.now();
	private restarts = 0;
	private state: RecordingState | null = null;

	constructor(options: DeliveryOptions) {
		this.options = options;
		this.uplink = new Uplink({
			wire: () => this.wire,
			onProgress: () => this.progressed(),
			onRefused: (refusal) => this.refused(refusal)
		});
		this.batcher = new Batcher({
			keptBytes: () => this.uplink.keptBytes,
			onBatch: (batch, holdsSnapshot) => {
				if (holdsSnapshot) this.snapshotSeq = Math.min(this.snapshotSeq, batch.seq);
				this.uplink.add(batch);
			},
			onFlush: () => this.isConnected && options.onFlush(),
			onTooLarge: () => this.fail('too_large'),
			onFault: (error) => {
				console.warn('The recorder could not close a batch', error);
				this.fail('fault');
			}
		});
		this.say('connecting');
		this.wire = options.openWire(
			{ ticket: options.ticket, handover: false },
			{
				onReady: (ready) => this.ready(ready),
				onDown: () => this.down(),
				onRefused: (refusal) => this.fail(refusal),
				onState: (state) => this.changed(state),
				onEnded: (ended) => void this.end(ended)
			}
		);
		this.stopHandedOver = deliverHandedOver({ ...options, ownPageId: options.pageId });
		this.watch = setInterval(() => this.judge(), WATCH_MS);
	}

	push(event: RecordedEvent): void {
		if (!this.isOver) this.batcher.push(event);
	}

	sendWhere(where: Parameters<Wire['where']>[0]): void {
		if (this.isConnected) this.wire.where(where);
	}

	/** The document is going away: send what can be sent and leave the rest to the next one. */
	handOver(): void {
		if (this.isOver) return;
		this.batcher.flush();
		this.leaveToNext();
	}

	private leaveToNext(): void {
		const open = this.uplink.unacknowledged;
		const first = open[0];
		if (!first) return;
		const decoder = new TextDecoder();
		const { pageId, ticket, store } = this.options;
		store.put({ pageId, ticket, from: first.seq, batches: open.map(({ bytes }) => decoder.decode(bytes)) });
	}

	/** The document is back (from the browser's back-forward cache): it delivers for itself again. */
	takeBack(): void {
		this.options.store.remove(this.options.pageId);
	}

	/** Stops for good after an own fault or a refusal, and says why. */
	fail(why: string): void {
		if (this.isOver) return;
		this.isOver = true;
		const isEnded = why === 'impersonation_over';
		try {
			// After an own fault the next document may still deliver what was recorded; after the end nobody may.
			if (isEnded) this.options.store.clear();
			else this.leaveToNext();
		} catch (error) {
			// What broke the recorder may break this as well; the hub shows a gap, and saying 'stopped' matters more.
			console.warn('The recorder could not hand over', error);
		}
		this.close();
		this.say('stopped', why);
		if (isEnded) this.options.onEnded({ reason: why });
	}

	/** Sends what there is and lets go. */
	stop(): void {
		if (this.isOver) return;
		this.batcher.flush();
		this.close();
	}

	/** The hub could not use a batch: its number is taken by other content, a full snapshot, never by the same again [R5]. */
	private refused(refusal: Refusal): void {
		const isUnusable = refusal === 'malformed' || refusal === 'too_large';
		if (!isUnusable || this.restarts++ >= MAX_RESTARTS) return this.fail(refusal);
		const { next, batches } = this.uplink.discard();
		// Not recorded until the new snapshot is acknowledged.
		this.snapshotSeq = Number.POSITIVE_INFINITY;
		this.batcher.restartAt(next, batches);
		this.progressed();
	}

	private ready({ got, watched, state }: { got: number; watched: boolean; state: SessionState }): void {
		if (this.isOver) return;
		this.isConnected = true;
		this.batcher.isWatched = watched;
		if (!this.wasConnected && got >= 0) this.continueAfter(got);
		this.wasConnected = true;
		this.uplink.ready(got);
		this.options.onConnected();
		this.changed(state);
	}

	/**
	 * A recorder before this one recorded the same document. Its numbers are taken: ours would be told apart from them by
	 * nobody and be dropped as duplicates, our full snapshot first of all.
	 */
	private continueAfter(got: number): void {
		this.uplink.got = got;
		const { next, batches } = this.uplink.discard();
		this.snapshotSeq = Number.POSITIVE_INFINITY;
		this.batcher.restartAt(next, Math.max(1, batches));
	}

	private changed(state: SessionState): void {
		this.batcher.isWatched = state.watchers.length > 0;
		if (this.batcher.isWatched) this.batcher.flush();
		this.options.onState(state);
	}

	private down(): void {
		this.isConnected = false;
		this.uplink.down();
		this.judge();
	}

	private progressed(): void {
		if (this.isOver) return;
		this.lastGoodAt = Date.now();
		this.judge();
		const dropped = this.batcher.takeDropped();
		if (dropped) this.options.onRecovered(dropped);
	}

	private judge(): void {
		if (this.isOver) return;
		const isRecorded = this.isConnected && this.uplink.got >= this.snapshotSeq;
		const isWaiting = !this.isConnected || this.uplink.unacknowledged.length > 0;
		const isLate = Date.now() - this.lastGoodAt > LEASE_MS;
		if (isRecorded && !isWaiting) this.lastGoodAt = Date.now();
		if (isLate && (isWaiting || !isRecorded)) this.say('silent');
		else if (isRecorded) this.say('live');
		else this.say('connecting');
	}

	private say(state: RecordingState, why?: string): void {
		if (state === this.state) return;
		this.state = state;
		this.options.onRecording(state, why);
	}

	private async end(ended: { reason: string }): Promise<void> {
		if (this.isOver) return;
		this.batcher.flush();
		// The decisive second is worth a moment; the hub takes it for FLUSH_AFTER_END_MS.
		const until = Date.now() + FLUSH_BEFORE_END_MS;
		while (this.uplink.unacknowledged.length > 0 && this.isConnected && Date.now() < until)
			await new Promise((resolve) => setTimeout(resolve, 20));
		if (this.isOver) return;
		this.close();
		this.options.store.clear();
		this.say('stopped', 'ended');
		this.options.onEnded(ended);
	}

	private close(): void {
		this.isOver = true;
		clearInterval(this.watch);
		this.stopHandedOver();
		this.uplink.down();
		this.wire.close();
	}
}
