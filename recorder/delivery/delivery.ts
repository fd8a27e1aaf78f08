// One page's recording on its way out: ties batches, connection, copies in the browser, pages that are gone and the state
// the banner shows together.
import type { RecordReady } from '#protocol/record.ts';
import type { Refusal } from '#protocol/refusals.ts';
import type { SessionState } from '#protocol/session.ts';
import type { RecordedEvent } from '../format/events.ts';
import { Batcher, type Dropped } from './batcher.ts';
import { Copier } from './copier.ts';
import type { OpenSeal } from './copy-seal.ts';
import type { CopyStore } from './copy-store.ts';
import { LeaseWatch, type RecordingState } from './lease-watch.ts';
import { FLUSH_BEFORE_END_MS } from './limits.ts';
import { Orphans } from './orphans.ts';
import type { PageLocks } from './page-lock.ts';
import { Uplink } from './uplink.ts';
import type { HelpAsked, HelpTold, OpenWire, Wire } from './wire.ts';

export type DeliveryOptions = {
	ticket: string;
	pageId: string;
	openWire: OpenWire;
	store: CopyStore;
	openSeal: OpenSeal;
	locks: PageLocks;
	onState(state: SessionState): void;
	onRecording(state: RecordingState, why?: string): void;
	onEnded(ended: { reason: string }): void;
	/** A connection is ready, or a batch was closed: tell where the page is. */
	onConnected(): void;
	onFlush(): void;
	/** There is room again after events were left out: mark it. */
	onRecovered(dropped: Dropped): void;
	/** A supervisor wrote, pointed or drew. */
	onHelp?(told: HelpTold): void;
	/** The picture needs a new beginning: now where events are missing, in an idle moment where the hub asks. */
	onSnapshotWanted(when: 'now' | 'idle'): void;
};

/** A page whose every snapshot is refused will not get better. */
const MAX_RESTARTS = 3;

export class Delivery {
	private readonly options: DeliveryOptions;
	private readonly uplink: Uplink;
	readonly batcher: Batcher;
	private readonly copier: Copier;
	private readonly orphans: Orphans;
	private readonly lease: LeaseWatch;
	private readonly wire: Wire;
	private letGo: () => void;
	private isConnected = false;
	private wasConnected = false;
	private isOver = false;
	/** Number of the batch with the full snapshot that everything above builds on. */
	private snapshotSeq = Number.POSITIVE_INFINITY;
	private restarts = 0;
	/** What copies of this impersonation are known by. */
	private sealName: string | null = null;

	constructor(options: DeliveryOptions) {
		this.options = options;
		this.copier = new Copier(options);
		this.orphans = new Orphans({ ...options, ownPageId: options.pageId });
		this.uplink = new Uplink({
			wire: () => this.wire,
			onProgress: () => this.progressed(),
			onRefused: (refusal) => this.refused(refusal),
			onFilled: () => this.beginAnew()
		});
		this.batcher = this.createBatcher();
		this.lease = new LeaseWatch(
			() => ({
				isConnected: this.isConnected,
				isRecorded: this.uplink.got >= this.snapshotSeq,
				isWaiting: this.uplink.isWaiting
			}),
			(state, why) => options.onRecording(state, why)
		);
		this.lease.say('connecting');
		this.letGo = options.locks.hold(options.pageId);
		this.wire = options.openWire(
			{ ticket: options.ticket, handover: false },
			{
				onReady: (ready) => this.ready(ready),
				onSafe: (safe) => this.keepAbove(safe),
				onDown: () => this.down(),
				onRefused: (refusal) => this.fail(refusal),
				onState: (state) => this.changed(state),
				onEnded: (ended) => void this.end(ended),
				onSnapshotWanted: () => this.isOver || options.onSnapshotWanted('idle'),
				onBeat: () => this.beat(),
				onHelp: (told) => this.isOver || options.onHelp?.(told)
			}
		);
	}

	push(event: RecordedEvent): void {
		if (!this.isOver) this.batcher.push(event);
	}

	sendWhere(where: Parameters<Wire['where']>[0]): void {
		if (this.isConnected) this.wire.where(where);
	}

	/** Asks the hub something that is no recording; without a connection there is no answer. */
	ask(asked: HelpAsked): void {
		if (this.isConnected && this.wire.ask) this.wire.ask(asked);
		else asked.reply(null);
	}

	/** The document may have no further turn: send what can be sent and copy the rest. */
	secure(): void {
		if (this.isOver) return;
		this.batcher.flush();
		this.copier.writeNow();
	}

	/** The document is going away: another may deliver for it. */
	handOver(): void {
		this.secure();
		this.letGo();
	}

	/** The document is back (from the browser's back-forward cache): it delivers for itself again. */
	takeBack(): void {
		if (!this.isOver) this.letGo = this.options.locks.hold(this.options.pageId);
	}

	/** Stops for good after an own fault or a refusal, and says why. */
	fail(why: string): void {
		if (this.isOver) return;
		const isEnded = why === 'impersonation_over';
		try {
			// After an own fault the next document may still deliver what was recorded; after the end nobody may.
			if (isEnded) this.wipe();
			else this.copier.writeNow();
		} catch (error) {
			// What broke the recorder may break this as well; the hub shows a gap, and saying 'stopped' matters more.
			console.warn('The recorder could not hand over', error);
		}
		this.close();
		this.lease.say('stopped', why);
		if (isEnded) this.options.onEnded({ reason: why });
	}

	/** Sends what there is and lets go. */
	stop(): void {
		if (this.isOver) return;
		this.secure();
		this.close();
	}

	private createBatcher(): Batcher {
		return new Batcher({
			waitingBytes: () => this.uplink.waitingBytes,
			onBatch: (batch, holdsSnapshot) => {
				if (holdsSnapshot) this.snapshotSeq = Math.min(this.snapshotSeq, batch.seq);
				this.copier.add(batch);
				this.uplink.add(batch);
			},
			onFlush: () => this.isConnected && this.options.onFlush(),
			onTooLarge: () => this.fail('too_large'),
			onFault: (error) => {
				console.warn('The recorder could not close a batch', error);
				this.fail('fault');
			}
		});
	}

	/** The hub could not use a batch: its number is taken by other content, a full snapshot, never by the same again [R5]. */
	private refused(refusal: Refusal): void {
		const isUnusable = refusal === 'malformed' || refusal === 'too_large';
		if (!isUnusable || this.restarts++ >= MAX_RESTARTS) return this.fail(refusal);
		this.restart(0);
	}

	private ready(ready: RecordReady): void {
		if (this.isOver) return;
		this.isConnected = true;
		this.batcher.isWatched = ready.watched;
		// A recorder before this one recorded the same document. Its numbers are taken: ours would be told apart from them
		// by nobody and be dropped as duplicates, our full snapshot first of all.
		const isOfAnother = this.wasConnected ? ready.got >= this.batcher.next : ready.got >= 0;
		if (isOfAnother) {
			this.uplink.got = ready.got;
			this.restart(1);
		}
		if (!this.wasConnected) void this.openCopies(ready.storeKey);
		this.wasConnected = true;
		this.uplink.ready(ready, this.batcher.next);
		this.copier.keepAbove(this.uplink.safe);
		this.options.onConnected();
		this.changed(ready.state);
	}

	private async openCopies(storeKey: string | undefined): Promise<void> {
		const { store, openSeal } = this.options;
		const seal = storeKey === undefined ? null : await openSeal(storeKey);
		if (this.isOver) return;
		this.copier.open(seal);
		if (!seal) return;
		this.sealName = seal.name;
		await store.wipeOthers(seal.name);
		this.orphans.start(seal);
	}

	/** What timers do in a tab that is seen: in a hidden one they fire once a minute. */
	private beat(): void {
		if (this.isOver) return;
		this.batcher.flush();
		void this.copier.write();
		this.orphans.look();
	}

	/** Gives up what the hub does not have and goes on after it; at least so many batches count as lost. */
	private restart(lostAtLeast: number): void {
		const { next, batches } = this.uplink.discard();
		this.copier.restart(this.uplink.unsafe);
		// Not recorded until the new snapshot is acknowledged.
		this.snapshotSeq = Number.POSITIVE_INFINITY;
		this.batcher.restartAt(next, Math.max(lostAtLeast, batches));
		this.progressed();
	}

	/** What the hub lost could not be sent again; the marks in its place say so. */
	private beginAnew(): void {
		this.snapshotSeq = Number.POSITIVE_INFINITY;
		this.options.onSnapshotWanted('now');
	}

	private keepAbove(safe: number): void {
		this.uplink.keepAbove(safe);
		this.copier.keepAbove(safe);
	}

	private changed(state: SessionState): void {
		this.batcher.isWatched = state.watchers.length > 0;
		if (this.batcher.isWatched) this.batcher.flush();
		this.options.onState(state);
	}

	private down(): void {
		this.isConnected = false;
		this.uplink.down();
		if (!this.isOver) this.lease.judge();
	}

	private progressed(): void {
		if (this.isOver) return;
		this.copier.keepAbove(this.uplink.safe);
		this.lease.progressed();
		const dropped = this.batcher.takeDropped();
		if (!dropped) return;
		this.options.onRecovered(dropped);
		if (dropped.scrolls + dropped.events > 0) this.options.onSnapshotWanted('now');
	}

	private async end(ended: { reason: string }): Promise<void> {
		if (this.isOver) return;
		this.batcher.flush();
		// The decisive second is worth a moment; the hub takes it for FLUSH_AFTER_END_MS.
		const until = performance.now() + FLUSH_BEFORE_END_MS;
		while (this.uplink.isWaiting && this.isConnected && performance.now() < until)
			await new Promise((resolve) => setTimeout(resolve, 20));
		if (this.isOver) return;
		this.close();
		this.wipe();
		this.lease.say('stopped', 'ended');
		this.options.onEnded(ended);
	}

	/** Under this key only: another impersonation may have begun in this browser. */
	private wipe(): void {
		if (this.sealName !== null) this.options.store.wipe(this.sealName);
	}

	private close(): void {
		this.isOver = true;
		this.lease.stop();
		this.orphans.stop();
		this.copier.stop();
		this.uplink.down();
		this.wire.close();
		this.letGo();
	}
}
