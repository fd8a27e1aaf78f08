// Plays a film: our own clock, a hidden second screen for every seek, one swap. Time goes on between pages and over
// gaps; the last picture stays meanwhile.
import type { RecordedEvent } from '../format/events.ts';
import type { PersonalNote } from '../format/masked.ts';
import { Film } from './film.ts';
import type { ReceivedBatch } from './page-reader.ts';
import { Projector, type Size } from './projector.ts';
import type { Stage } from './stage.ts';

export type ReplayState = 'playing' | 'paused' | 'ended';

export type ReplayCallbacks = {
	/** Recording time in ms since the start, at most ten times a second while playing. */
	onTime(ms: number): void;
	onState(state: ReplayState): void;
};

export const MIN_SPEED = 0.5;
export const MAX_SPEED = 16;

/** Stretches without anybody acting longer than this are skipped; it resumes a second before the next act. */
const INACTIVE_MS = 5_000;
const RESUME_BEFORE_MS = 1_000;
const REPORT_MS = 100;
/** A tab that was hidden gets its next frame minutes later: time stood still for the viewer, so it does here. */
const MAX_STEP_MS = 250;

type Screen = { pageId: string; projector: Projector; events: RecordedEvent[]; next: number };

export class ReplayView {
	private readonly stage: Stage;
	private readonly callbacks: ReplayCallbacks;
	private film: Film;
	private screen: Screen | null = null;
	private at = 0;
	private state: ReplayState = 'paused';
	private speed = 1;
	private skipsInactivity = false;
	private frame = 0;
	private lastFrameAt = 0;
	private lastReportAt = 0;

	constructor(stage: Stage, span: { startAt: number; endAt: number }, callbacks: ReplayCallbacks) {
		this.stage = stage;
		this.callbacks = callbacks;
		this.film = new Film(span);
	}

	get document(): Document | null {
		return this.screen?.projector.document ?? null;
	}

	loadPage(pageId: string, batches: ReceivedBatch[]): { damaged: number } {
		const result = this.film.addPage(pageId, batches);
		const wanted = this.film.pageAt(this.now());
		// The picture of now may be of a page that came only now, or of this one as it was before.
		if (wanted === pageId || wanted !== this.screen?.pageId) this.build();
		return result;
	}

	unmask(pageId: string, notes: PersonalNote[]): void {
		this.film.unmask(pageId, notes);
		if (pageId === this.screen?.pageId) this.build();
	}

	seek(ms: number): void {
		this.at = Math.max(0, Math.min(ms, this.film.endAt - this.film.startAt));
		this.build();
		if (this.state === 'ended') this.change('paused');
		this.report();
	}

	play(): void {
		if (this.state === 'playing') return;
		if (this.state === 'ended') this.seek(0);
		this.change('playing');
		this.lastFrameAt = performance.now();
		this.frame = requestAnimationFrame((now) => this.tick(now));
	}

	pause(): void {
		if (this.state === 'playing') this.halt('paused');
	}

	setSpeed(speed: number): void {
		if (Number.isFinite(speed)) this.speed = Math.max(MIN_SPEED, Math.min(MAX_SPEED, speed));
	}

	setSkipInactivity(isOn: boolean): void {
		this.skipsInactivity = isOn;
	}

	destroy(): void {
		cancelAnimationFrame(this.frame);
		this.screen?.projector.destroy();
	}

	/** Hub time of now. */
	private now(): number {
		return this.film.startAt + this.at;
	}

	private tick(frameAt: number): void {
		const passed = Math.max(0, Math.min(MAX_STEP_MS, frameAt - this.lastFrameAt)) * this.speed;
		this.lastFrameAt = frameAt;
		this.at += passed;
		if (this.skipsInactivity) this.skip();
		const length = this.film.endAt - this.film.startAt;
		const isEnd = this.at >= length;
		if (isEnd) this.at = length;
		this.advance();
		if (isEnd) return this.halt('ended');
		if (frameAt - this.lastReportAt >= REPORT_MS) {
			this.lastReportAt = frameAt;
			this.report();
		}
		this.frame = requestAnimationFrame((now) => this.tick(now));
	}

	private skip(): void {
		const next = this.film.nextActivity(this.now()) ?? this.film.endAt;
		if (next - this.now() > INACTIVE_MS) this.at = next - RESUME_BEFORE_MS - this.film.startAt;
	}

	/** Shows what has become due, changing pages where another one became the active one. */
	private advance(): void {
		const wanted = this.film.pageAt(this.now());
		if (wanted !== this.screen?.pageId) return this.build();
		if (this.screen) feed(this.screen, this.now());
	}

	/** Builds the picture of now on a hidden screen, then swaps: the viewer never sees it being put together. */
	private build(): void {
		const pageId = this.film.pageAt(this.now());
		if (pageId === null) return;
		let size: Size | null = null;
		const projector = new Projector(this.stage.box, (next) => {
			size = next;
			if (this.screen?.projector === projector) this.stage.resize(next);
		});
		const screen: Screen = { pageId, projector, events: this.film.eventsFrom(pageId, this.now()), next: 0 };
		// Before its first picture is due a page still shows it: there is nothing else.
		feed(screen, Math.max(this.now(), firstPictureAt(screen.events)));
		if (size) this.stage.resize(size);
		const outgoing = this.screen;
		this.screen = screen;
		projector.reveal();
		projector.animate(this.state === 'playing');
		outgoing?.projector.destroy();
	}

	private halt(state: ReplayState): void {
		cancelAnimationFrame(this.frame);
		this.change(state);
		this.report();
	}

	private change(state: ReplayState): void {
		if (state === this.state) return;
		this.state = state;
		this.screen?.projector.animate(state === 'playing');
		this.callbacks.onState(state);
	}

	private report(): void {
		this.callbacks.onTime(Math.round(this.at));
	}
}

/** Shows a page's events up to and with the moment; so a seek exactly onto a snapshot shows that snapshot. */
function feed(screen: Screen, until: number): void {
	const from = screen.next;
	while ((screen.events[screen.next]?.timestamp ?? Infinity) <= until) screen.next++;
	if (screen.next > from) screen.projector.show(screen.events.slice(from, screen.next));
}

function firstPictureAt(events: RecordedEvent[]): number {
	return events.find(({ type }) => type === 2)?.timestamp ?? Number.NEGATIVE_INFINITY;
}
