// The way of one page's batches: joined, made safe, stored, relayed, acknowledged, strictly one after the other. It belongs to
// the page and not to a connection, so that a reconnect cannot overtake what the former connection still had under way.
import { isAppError } from '#domain/errors.ts';
import { PageClock } from '#recorder/format/align.ts';
import type { NotedFault } from '#recorder/format/page-fault.ts';
import type { AppendHeader, AppendReply, PageClockReading, Refusal } from '#protocol/index.ts';
import type { RecorderIdentity } from '#server/usecases/live/resolve-recorder.ts';
import type { LiveLog, StoredBatch } from '#server/ports/live-log.ts';
import { judgeBatch } from '#realtime/room/room-step.ts';
import { PageBudget, type SessionBudget } from '#realtime/scribe/page-budget.ts';
import type { Scribe, ScribePage } from '#realtime/scribe/scribe.ts';
import type { Content, SafeBatch } from '#realtime/scribe/write-batch.ts';
import { FAULT_BURST, FAULT_PER_SECOND, MAX_QUEUED_BYTES } from './hub-limits.ts';
import type { LiveRooms } from './live-rooms.ts';
import type { HubMetrics } from './metrics.ts';
import { PageOffsets, type ClockReadings } from './page-offsets.ts';
import type { PulseChange, PulseWriter } from './pulse-writer.ts';
import { RateBucket } from './rate-bucket.ts';
import { refusalOf } from './refusals.ts';
import type { SealAsker } from './seal-asker.ts';

export type PageIntakeOptions = {
	identity: RecorderIdentity;
	now(): number;
	liveLog: LiveLog;
	rooms: LiveRooms;
	pulses: PulseWriter;
	metrics: HubMetrics;
	scribe: Pick<Scribe, 'write'>;
	/** Shared with the other pages of the impersonation. */
	session: SessionBudget;
	/** What went wrong in the page, for lists; the recording has it all the same. */
	noteFaults(faults: readonly NotedFault[]): Promise<void>;
	relay(batch: StoredBatch): void;
	sealing: SealAsker;
	/** Cuts the page's connections, so that it comes back and is told anew where it stands. */
	reconnect(): void;
	onError(error: unknown): void;
};

export type Incoming = {
	seq: number;
	content: Content;
	/** The page's clocks at the batch's first event, as it says [R16]. */
	clock: PageClockReading | undefined;
	readings: Promise<ClockReadings>;
	/** False for an earlier document's rest: nobody is active there any more [R11]. */
	countsAsActivity: boolean;
	answer(reply: AppendReply): void;
};

const isFenced = (error: unknown): boolean => isAppError(error) && error.code === 'conflict';

export class PageIntake {
	/** What the page's clocks were off by, whichever connection told. */
	readonly offsets = new PageOffsets();
	private readonly options: PageIntakeOptions;
	private queue: Promise<void> = Promise.resolve();
	private queuedBytes = 0;
	/** When each batch came that is not done yet, the oldest first. */
	private readonly arrivals: number[] = [];
	/** The first batch that the log refused and has not taken since. */
	private unkept: { seq: number; since: number } | null = null;
	/** Number of the last batch in the queue; beyond it there would be a hole. */
	private lastQueued = -1;
	private clockOfPage: PageClock | null = null;
	/** What the scribe keeps of it from batch to batch. */
	private readonly page: ScribePage;
	private readonly faults = new RateBucket(FAULT_BURST, FAULT_PER_SECOND);
	/** The first snapshot is in the log but the rows do not know of it yet: nothing is acknowledged before they do [R7]. */
	private owesSnapshot = false;
	/** What the room or other hubs heard of a snapshot proves nothing: a hub may die before the rows are told [R7]. */
	private rowsKnow: boolean;

	constructor(options: PageIntakeOptions) {
		this.options = options;
		const { now, session, identity } = options;
		const { agencyId, pageId, page } = identity;
		this.rowsKnow = page.hasSnapshot;
		this.page = { agencyId, pageId, styles: new Set(), budget: new PageBudget(now, session) };
	}

	get got(): number {
		return this.options.liveLog.got(this.options.identity.pageId);
	}

	/** Where the page goes on: behind what the log has, or what the room has heard of while batches are under way. */
	get standing(): number {
		const { rooms, identity } = this.options;
		const page = rooms.get(identity.impersonationId)?.state.pages.get(identity.pageId);
		return page && this.arrivals.length > 0 ? page.nextSeq - 1 : this.got;
	}

	/** Until when all that came is known to be kept: a beat proves no more than that, or the gate's lease would fail open [R21]. */
	keptUntil(at: number): number {
		const refusedSince = this.unkept && this.unkept.seq > this.got ? this.unkept.since : at;
		return Math.min(at, refusedSince, this.arrivals[0] ?? at);
	}

	/** Resolves when everything taken so far is done. */
	idle(): Promise<void> {
		return this.queue;
	}

	/** What can be said of a part before its batch is complete: null, or the final answer to it. */
	judgePart({ seq }: AppendHeader): AppendReply | null {
		const verdict = this.judge(seq);
		if (verdict === 'over') return this.refused('impersonation_over');
		if (verdict === 'known' && !this.owesSnapshot) return { ok: true, got: this.got };
		if (verdict === 'hole' && seq > this.lastQueued + 1) return this.refused('try_later');
		if (this.queuedBytes > MAX_QUEUED_BYTES) return this.refused('too_fast');
		if (this.page.budget.isOver) {
			// It is not kept: beats prove nothing beyond it [R21].
			this.unkept ??= { seq, since: this.options.now() };
			return this.refused('too_fast');
		}
		return null;
	}

	/** Queues a complete batch. */
	take(incoming: Incoming): void {
		this.arrivals.push(this.options.now());
		this.queuedBytes += incoming.content.length;
		this.lastQueued = Math.max(this.lastQueued, incoming.seq);
		this.queue = this.queue.then(async () => {
			const stopTimer = this.options.metrics.appendSeconds.startTimer();
			let isAstray = false;
			const reply = await this.process(incoming).catch((error: unknown) => {
				isAstray = this.isAstray(error);
				if (!isFenced(error)) this.options.onError(error);
				return this.refused(refusalOf(error));
			});
			// What was queued behind a refused batch is a hole now, and each is told so in its turn [R4].
			if (!reply.ok) this.lastQueued = this.got;
			this.arrivals.shift();
			this.queuedBytes -= incoming.content.length;
			stopTimer();
			incoming.answer(reply);
			if (isAstray) this.options.reconnect();
		});
	}

	refused(refusal: Refusal): AppendReply {
		this.options.metrics.refusals.inc({ refusal });
		return { ok: false, refusal, got: this.got };
	}

	/** Another process owns the page by now, or the log lost its end: only a new connection tells the page so [R19]. */
	private isAstray(error: unknown): boolean {
		const { rooms, identity } = this.options;
		const page = rooms.get(identity.impersonationId)?.state.pages.get(identity.pageId);
		return isFenced(error) || (page !== undefined && this.got < page.nextSeq - 1);
	}

	private async process({ seq, content, clock, readings, countsAsActivity }: Incoming): Promise<AppendReply> {
		const { rooms, identity, now, metrics, scribe } = this.options;
		const { impersonationId, pageId } = identity;
		const verdict = this.judge(seq);
		if (verdict === 'over') return this.refused('impersonation_over');
		if (verdict === 'hole') return this.refused('try_later');
		if (verdict === 'next') {
			const safe = await scribe.write(this.page, content);
			if (!safe) return this.refused('malformed');
			// A large one is written elsewhere: meanwhile the session may have ended, or the page gone to another hub.
			const still = this.judge(seq);
			if (still !== 'next') return this.refused(still === 'over' ? 'impersonation_over' : 'try_later');
			const receivedAt = now();
			const { reached } = this.pageClock(receivedAt);
			const offsetMs = this.offsets.of({ clock, receivedAt, reached }, await readings);
			const batch = { impersonationId, pageId, seq, receivedAt, offsetMs, bytes: safe.bytes };
			await this.append(batch);
			metrics.batches.inc();
			metrics.bytes.inc(safe.bytes.length);
			this.options.sealing.stored(pageId, safe.bytes.length);
			const interaction = countsAsActivity && safe.interaction;
			this.notePulse(batch, safe, interaction);
			const { hasSnapshot } = safe;
			const effects = rooms.apply(impersonationId, {
				kind: 'stored',
				now: now(),
				pageId,
				seq,
				hasSnapshot,
				interaction
			});
			if (effects.some((effect) => effect.do === 'relay')) this.options.relay(batch);
		}
		if (this.owesSnapshot) {
			await this.options.pulses.flush();
			this.owesSnapshot = false;
			this.rowsKnow = true;
		}
		return { ok: true, got: this.got };
	}

	private judge(seq: number): ReturnType<typeof judgeBatch> {
		const { rooms, identity } = this.options;
		const room = rooms.get(identity.impersonationId);
		return room ? judgeBatch(room.state, identity.pageId, seq) : 'over';
	}

	private async append(batch: StoredBatch): Promise<void> {
		try {
			await this.options.liveLog.append(batch);
			this.unkept = null;
		} catch (error) {
			this.unkept ??= { seq: batch.seq, since: batch.receivedAt };
			throw error;
		}
	}

	/** A page may claim any time; one before it was opened would stretch the recording's length at will. */
	private pageClock(receivedAt: number): PageClock {
		const { openedAt } = this.options.identity.page;
		return (this.clockOfPage ??= new PageClock(Math.min(openedAt, receivedAt)));
	}

	/** Attack: a page that makes rows without end; what is over its rate comes with the index, as far as a page may. */
	private noteFaults({ seq, receivedAt }: StoredBatch, safe: SafeBatch, times: readonly number[]): void {
		const rows = safe.faults
			.filter(() => this.faults.take(receivedAt))
			.map(({ event, fault }) => ({ seq, event, at: times[event] ?? receivedAt, fault }));
		if (rows.length > 0) this.options.noteFaults(rows).catch(this.options.onError);
	}

	private notePulse(batch: StoredBatch, safe: SafeBatch, interaction: boolean): void {
		const { rooms, pulses } = this.options;
		const { impersonationId, pageId, receivedAt } = batch;
		const clock = this.pageClock(receivedAt);
		const times = safe.times.map((time) => clock.align(time, batch));
		this.noteFaults(batch, safe, times);
		const change: PulseChange = { events: safe.times.length, bytes: safe.bytes.length };
		const [first] = times;
		if (first !== undefined) {
			change.firstEventAt = first;
			change.lastEventAt = clock.reached;
		}
		if (interaction) change.activityAt = receivedAt;
		const known = rooms.get(impersonationId)?.state.pages.get(pageId);
		if (safe.hasSnapshot && !this.rowsKnow) {
			this.owesSnapshot = true;
			change.snapshotAt = receivedAt;
			// The gate wants a beat too. The batch itself proves the page alive, where its connection is its own.
			if (known?.connection) change.beatAt = receivedAt;
		}
		pulses.note(impersonationId, pageId, change);
	}
}
