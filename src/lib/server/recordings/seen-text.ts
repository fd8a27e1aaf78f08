// What could be read on a page over the time of one block, and when something masked stood there: its events are applied to a
// document of their own, and the screen is looked at whenever it stood for a moment. Runs in the sealing process.
import { pageTitle } from '#domain/timeline.ts';
import { EVENT, SOURCE, decodeBatch, isLoose, type RecordedEvent } from '#recorder/format/events.ts';
import { faultsIn, type NotedFault } from '#recorder/format/page-fault.ts';
import { clockOf, type BlockPayload } from '#recorder/format/block-payload.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import type { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { documentTitle, visibleText } from '#recorder/format/visible-text.ts';
import { MaskedTimes, type HeldMask, type MaskedTime } from './masked-times.ts';
import { NODES_A_MS, RESTLESS, STOOD_MS } from './seen-limits.ts';
import { SeenLines, type HeldRow, type NewRow, type Room } from './seen-lines.ts';
import { vectorOf } from './words.ts';

/** Where the index stands: batches before `fromSeq` are in it already. */
export type SeenBefore = { fromSeq: number; held: HeldRow[]; room: Room; masks: HeldMask[] };
export type SeenText = {
	/** `words`: the text of a tsvector. */
	added: (NewRow & { words: string })[];
	held: Pick<HeldRow, 'id' | 'gone'>[];
	/** What went wrong in the page; the hub has noted most of it as it came. */
	faults: NotedFault[];
	/** New stretches, and latest ones that went on or ended. */
	masked: MaskedTime[];
};

function readEvents({ bytes }: FramedBatch): RecordedEvent[] {
	try {
		return decodeBatch(bytes);
	} catch {
		// Sealed as it was; it has no words.
		return [];
	}
}

/** Whether other words may stand on the screen after it. */
const changesWords = ({ type, data }: RecordedEvent): boolean =>
	type === EVENT.fullSnapshot ||
	(type === EVENT.incremental &&
		isLoose(data) &&
		(data.source === SOURCE.mutation || data.source === SOURCE.input));

class Looking {
	private readonly document: ShadowDocument;
	private readonly lines: SeenLines;
	private readonly masks: MaskedTimes;
	/** Since when the screen stands as it is, where it was not looked at since. */
	private since: number | null = null;
	private lookedAt = Number.NEGATIVE_INFINITY;

	constructor(document: ShadowDocument, lines: SeenLines, masks: MaskedTimes) {
		this.document = document;
		this.lines = lines;
		this.masks = masks;
	}

	/** The first picture of what is new. */
	begin(at: number): void {
		if (this.document.root) {
			this.since = at;
			return;
		}
		this.lines.forget(at);
		this.masks.forget();
	}

	/** Before the screen changes. */
	before(at: number): void {
		const stood = Math.max(STOOD_MS, this.document.nodes / NODES_A_MS);
		if (this.since !== null && (at - this.since >= stood || at - this.lookedAt >= stood * RESTLESS))
			this.look(at);
	}

	changed(at: number): void {
		this.since = at;
	}

	/** Looks at what was not looked at yet. */
	look(at: number): void {
		if (this.since === null || !this.document.root) return;
		const { lines, masked } = visibleText(this.document);
		this.lines.look(this.since, pageTitle(documentTitle(this.document)), lines);
		this.masks.look(this.since, masked);
		this.since = null;
		this.lookedAt = at;
	}

	/** The block ends: what stands is there until then at least. */
	end(at: number): void {
		this.look(at);
		if (this.document.root) this.masks.reachTo(at);
	}
}

/** The words of a block, as far as they are not in the index yet. */
export function readSeenText(payload: BlockPayload, document: ShadowDocument, before: SeenBefore): SeenText {
	const { fromSeq, held, room } = before;
	const lines = new SeenLines(held, room);
	const masks = new MaskedTimes(before.masks);
	const clock = clockOf(payload);
	const looking = new Looking(document, lines, masks);
	const faults: NotedFault[] = [];
	let isNew = false;
	for (const event of payload.checkpoint) document.apply(event);
	for (const batch of payload.batches) {
		const events = readEvents(batch);
		if (!isNew && batch.seq >= fromSeq) {
			isNew = true;
			looking.begin(Number.isFinite(clock.reached) ? clock.reached : batch.receivedAt);
		}
		const told = new Map(isNew ? faultsIn(events).map(({ event, fault }) => [event, fault]) : []);
		for (const [index, event] of events.entries()) {
			const timestamp = clock.align(event.timestamp, batch);
			const fault = told.get(index);
			if (fault) faults.push({ seq: batch.seq, event: index, at: timestamp, fault });
			const isChange = changesWords(event);
			if (isNew && isChange) looking.before(timestamp);
			document.apply({ ...event, timestamp });
			if (isNew && isChange) looking.changed(timestamp);
		}
	}
	looking.end(clock.reached);
	const { added, held: changed } = lines.result();
	const withWords = added.map((row) => ({ ...row, words: vectorOf(row.lines, row.title) }));
	return { added: withWords, held: changed, faults, masked: masks.result() };
}
