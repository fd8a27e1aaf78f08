// One page on its way into blocks: its shadow document, its clock and its batch chain, batch after batch. Knows no file,
// no row and no process; who stores what it makes is the caller's business.
import { PageClock } from '#recorder/format/align.ts';
import { isInteraction } from '#recorder/format/activity.ts';
import { encodeActivity } from '#recorder/format/block-activity.ts';
import { frameBatch, type FramedBatch } from '#recorder/format/block-frames.ts';
import { decodePayload, encodePayload } from '#recorder/format/block-payload.ts';
import type { BlockIds, CheckpointKind } from '#recorder/format/block-header.ts';
import { MAX_DICTIONARY_BYTES } from '#recorder/format/block-dictionary.ts';
import { decodeBatch, EVENT, type RecordedEvent } from '#recorder/format/events.ts';
import { toDeltas } from '#recorder/format/number-deltas.ts';
import { CHAIN_START, nextHash, sha256 } from './batch-chain.ts';
import { openBlock, sealBlock, sealDictionary, type Dictionary } from './sealed-object.ts';
import { cutBlock, type ReadBatch } from './cut-block.ts';
import { takePicture, type Picture } from './page-picture.ts';
import type { Shadow } from './shadow.ts';

export type SealContext = {
	ids: BlockIds;
	key: Uint8Array;
	policy: number;
	/** Hub time before which nothing of the page can have happened. */
	openedAt: number;
	makeShadow(): Shadow;
};

/** What the index keeps of a block. */
export type BlockFigures = {
	firstSeq: number;
	lastSeq: number;
	events: number;
	fromAt: number;
	toAt: number;
	checkpoint: CheckpointKind;
	activity: Uint8Array;
	batchHash: Uint8Array;
};

export type SealedBlock = {
	object: Uint8Array;
	figures: BlockFigures;
	/** Set once: the page's dictionary, to be stored before the block that is packed with it. */
	dictionary: { object: Uint8Array; hash: Uint8Array } | null;
};

/** Why there is no picture until the next full snapshot. */
type Doubt = Extract<CheckpointKind, 'unsure' | 'too-large' | 'hole' | 'failed'>;
const isDoubt = (kind: CheckpointKind): kind is Doubt => kind !== 'empty' && kind !== 'whole';

export class PageSealer {
	private readonly context: SealContext;
	private shadow: Shadow;
	private clock = new PageClock();
	private doubt: Doubt | null = null;
	private dictionary: Dictionary | null;
	private next = 0;
	private hash: Uint8Array = CHAIN_START;

	constructor(context: SealContext, dictionary: Dictionary | null) {
		this.context = context;
		this.shadow = context.makeShadow();
		this.dictionary = dictionary;
	}

	/** Number of the next batch that is expected. */
	get nextSeq(): number {
		return this.next;
	}
	get batchHash(): Uint8Array {
		return this.hash;
	}
	get approximateBytes(): number {
		return this.shadow.approximateBytes;
	}

	/** Goes on behind a block that was sealed before, by this process or another. */
	async resume(object: Uint8Array): Promise<void> {
		const { header, payload } = await openBlock(object, {
			key: this.context.key,
			dictionary: this.dictionary
		});
		const { checkpoint, clockAt, batches } = decodePayload(payload);
		this.clock = new PageClock(clockAt);
		this.doubt = isDoubt(header.checkpoint) ? header.checkpoint : null;
		// What could not be worked on once is not tried again: whatever killed the process then would kill it now.
		if (header.checkpoint === 'failed') this.clock = new PageClock(header.toAt);
		else {
			for (const event of checkpoint) this.shadow.apply(event);
			for (const batch of batches) this.apply(batch, this.readOrDoubt(batch));
		}
		this.next = header.lastSeq + 1;
		this.hash = header.batchHash.slice();
	}

	/** Numbers before this one are lost for good: the picture is unknown until the next full snapshot. */
	skipTo(seq: number): void {
		this.next = seq;
		this.lose('hole');
	}

	/**
	 * Makes a block of the first of these batches, as many as belong into one.
	 * @param isRest whether all that is there may go into a block that is not full yet
	 * @returns null, with nothing changed, while they fill none
	 */
	seal(batches: readonly FramedBatch[], isRest: boolean): SealedBlock | null {
		this.startClock(batches);
		const read = batches.map((batch) => ({ batch, events: this.read(batch) }));
		const count = cutBlock(read, this.clock.reached, isRest);
		const taken = read.slice(0, count);
		const [first] = taken;
		if (!first) return null;
		if (first.batch.seq !== this.next) throw new Error(`expected batch ${this.next}, not ${first.batch.seq}`);
		const before = { kind: this.kind(), clockAt: this.clock.reached, hash: this.hash };
		const checkpoint = before.kind === 'whole' ? this.shadow.checkpoint(before.clockAt) : [];
		const dictionary = this.chooseDictionary(taken.flatMap(({ events }) => events ?? []));
		const frames = taken.map(({ batch }) => frameBatch(batch));
		const { times, fromAt } = this.take(taken);
		const payload = encodePayload({ checkpoint, clockAt: before.clockAt, frames });
		const span = { fromAt, toAt: this.clock.reached };
		const figures = {
			...span,
			firstSeq: first.batch.seq,
			lastSeq: this.next - 1,
			events: taken.reduce((sum, { events }) => sum + (events?.length ?? 0), 0),
			checkpoint: before.kind,
			batchHash: this.hash
		};
		const { ids, policy, key } = this.context;
		const object = sealBlock(
			{ ...ids, ...figures, policy, batches: taken.length, previousHash: before.hash },
			payload,
			{ key, dictionary: this.dictionary, effort: 'recent' }
		);
		return { object, figures: { ...figures, activity: encodeActivity(span, times) }, dictionary };
	}

	/** The not yet sealed rest as a block's payload, for a reader; changes nothing. */
	tail(batches: readonly FramedBatch[]): { payload: Uint8Array<ArrayBuffer>; checkpoint: CheckpointKind } {
		this.startClock(batches);
		const [first] = batches;
		const kind = first && first.seq !== this.next ? 'hole' : this.kind();
		const clockAt = this.clock.reached;
		const checkpoint = kind === 'whole' ? this.shadow.checkpoint(clockAt) : [];
		return {
			payload: encodePayload({ checkpoint, clockAt, frames: batches.map(frameBatch) }),
			checkpoint: kind
		};
	}

	/** What the page shows after these batches, which are not sealed yet; changes nothing. */
	picture(batches: readonly FramedBatch[]): Picture {
		this.startClock(batches);
		const { reached } = this.clock;
		const kind = this.kind();
		const shadow = this.context.makeShadow();
		if (kind === 'whole') for (const event of this.shadow.checkpoint(reached)) shadow.apply(event);
		const read = batches.map((batch) => ({ batch, events: this.read(batch) }));
		const start = { shadow, clock: new PageClock(reached), seq: this.next - 1, isUnsure: isDoubt(kind) };
		return takePicture(start, read);
	}

	/** Attack: a page that claims a time before it was opened would stretch the recording at will. */
	private startClock([first]: readonly FramedBatch[]): void {
		if (this.clock.reached === Number.NEGATIVE_INFINITY && first)
			this.clock = new PageClock(Math.min(this.context.openedAt, first.receivedAt));
	}

	private kind(): CheckpointKind {
		return this.shadow.state === 'empty' ? (this.doubt ?? 'empty') : this.shadow.state;
	}

	private lose(why: Doubt): void {
		this.doubt = why;
		this.shadow = this.context.makeShadow();
	}

	private read(batch: FramedBatch): RecordedEvent[] | null {
		try {
			return decodeBatch(batch.bytes);
		} catch {
			// The hub let none such through, so it is damage; it is kept as it is and the picture is in doubt from here on.
			return null;
		}
	}

	private readOrDoubt(batch: FramedBatch): RecordedEvent[] | null {
		const events = this.read(batch);
		if (!events) this.lose('unsure');
		return events;
	}

	/** Takes batches into document, clock and chain. */
	private take(read: readonly ReadBatch[]) {
		const [batches, acts]: [number[], number[]] = [[], []];
		let fromAt = Number.POSITIVE_INFINITY;
		for (const { batch, events } of read) {
			if (!events) this.lose('unsure');
			const times = this.apply(batch, events);
			fromAt = Math.min(fromAt, times[0] ?? fromAt);
			batches.push(this.clock.reached);
			acts.push(...times.filter((_, at) => events?.[at] && isInteraction(events[at])));
			this.next = batch.seq + 1;
			this.hash = nextHash(this.hash, batch);
		}
		return { times: { batches, acts }, fromAt: Math.min(fromAt, this.clock.reached) };
	}

	/** @returns the events' hub times */
	private apply(batch: FramedBatch, events: readonly RecordedEvent[] | null): number[] {
		return (events ?? []).map((event) => {
			const timestamp = this.clock.align(event.timestamp, batch);
			this.shadow.apply({ ...event, timestamp });
			if (event.type === EVENT.fullSnapshot && this.shadow.state === 'whole') this.doubt = null;
			return timestamp;
		});
	}

	/** The first full snapshot there is becomes the page's dictionary. */
	private chooseDictionary(events: readonly RecordedEvent[]): SealedBlock['dictionary'] {
		if (this.dictionary) return null;
		const snapshot = events.find(({ type }) => type === EVENT.fullSnapshot);
		if (!snapshot) return null;
		const bytes = toDeltas(Buffer.from(JSON.stringify(snapshot))).subarray(0, MAX_DICTIONARY_BYTES);
		this.dictionary = { bytes, hash: sha256(bytes) };
		const { ids, key } = this.context;
		return { object: sealDictionary(ids, this.dictionary, key), hash: this.dictionary.hash };
	}
}
