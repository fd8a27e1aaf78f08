// Plays a recording: our own clock over the screens. The clock stands still while what comes next is not there, and the
// last picture stays; what cannot be read is told, and tried again on demand.
import type { PersonalNote } from '../format/masked.ts';
import type { FilmIndex } from './film-index.ts';
import { Footage, type Damaged } from './footage.ts';
import { Latest } from './latest.ts';
import type { PieceSource } from './piece-source.ts';
import { Screens } from './screens.ts';
import type { Stage } from './stage.ts';

export type ReplayState = 'playing' | 'paused' | 'ended';
/** `at`: ms since the start. */
export type Opening = { film: FilmIndex; at: number };
/** `failed`: a part could not be read; `retry` tries again. */
export type ReplayLoading = 'none' | 'loading' | 'failed';

export type ReplayCallbacks = {
	/** Recording time in ms since the start, at most ten times a second while playing. */
	onTime(ms: number): void;
	onState(state: ReplayState): void;
	onLoading(loading: ReplayLoading): void;
	/** Whether there is a picture of this moment. */
	onPicture(hasPicture: boolean): void;
	/** Batches that could not be read were left out. */
	onDamaged(damaged: Damaged): void;
};

export const MIN_SPEED = 0.5;
export const MAX_SPEED = 16;

/** Stretches without anybody acting longer than this are skipped; it resumes a second before the next act. */
const INACTIVE_MS = 5_000;
const RESUME_BEFORE_MS = 1_000;
const REPORT_MS = 100;
/** A tab that was hidden gets its next frame minutes later: time stood still for the viewer, so it does here. */
const MAX_STEP_MS = 250;
/** Real time in which the next piece is fetched and made ready. */
const AHEAD_MS = 2_500;
/** A step forwards of at most so much recording is shown on the screen there is. */
const SHORT_STEP_MS = 3_000;
/** Two seeks within this are somebody dragging: the piece before is likely wanted, too. */
const SCRUB_MS = 1_000;
/** How often a running recording is asked for what came since. */
const FOLLOW_MS = 5_000;

export class ReplayView {
	private readonly callbacks: ReplayCallbacks;
	private readonly footage: Footage;
	private readonly screens: Screens;
	private at = 0;
	private state: ReplayState = 'paused';
	private loading: ReplayLoading = 'none';
	private speed = 1;
	private skipsInactivity = false;
	private frame = 0;
	private lastFrameAt = 0;
	private lastReportAt = 0;
	private lastSeekAt = Number.NEGATIVE_INFINITY;
	private lastFollowAt = Number.NEGATIVE_INFINITY;
	private isScrubbing = false;
	/** Puts the picture of now together on a hidden screen, then swaps. */
	private readonly cut: Latest;
	/** What the clock waits for beside a picture. */
	private held: Promise<unknown> | null = null;
	private isGone = false;

	/** `at`: where it begins, ms since the start. */
	constructor(stage: Stage, opening: Opening, source: PieceSource, callbacks: ReplayCallbacks) {
		this.callbacks = callbacks;
		this.footage = new Footage(opening.film, source, (damaged) => callbacks.onDamaged(damaged));
		this.screens = new Screens(stage, this.footage, callbacks);
		this.cut = new Latest({
			run: (signal, onRead) => this.make(signal, onRead),
			onDone: () => this.made(),
			onError: (error) => this.fail(error)
		});
		this.at = this.clamp(opening.at);
		this.show();
	}

	/** The picture that is seen: while another moment is put together, still the one before. */
	get moment(): { pageId: string | null; at: number } {
		const { current } = this.screens;
		return { pageId: current?.pageId ?? null, at: this.cut.isBusy && current ? current.at : this.now() };
	}

	elementOf(node: number): Element | null {
		return this.screens.current?.elementOf(node) ?? null;
	}

	unmask(pageId: string, notes: PersonalNote[]): void {
		this.footage.unmask(pageId, notes);
		this.screens.dropReady();
		if (pageId === this.screens.current?.pageId || this.cut.isBusy) this.show();
	}

	seek(ms: number): void {
		const now = performance.now();
		this.isScrubbing = now - this.lastSeekAt < SCRUB_MS;
		this.lastSeekAt = now;
		this.at = this.clamp(ms);
		if (this.state === 'ended') this.change('paused');
		this.report();
		this.screens.dropReady();
		if (this.isShortStep()) this.advance();
		else this.show();
	}

	play(): void {
		if (this.state === 'playing') return;
		if (this.state === 'ended') this.seek(0);
		if (this.loading === 'failed') this.show();
		this.change('playing');
		this.lastFrameAt = performance.now();
		this.frame = requestAnimationFrame((now) => this.tick(now));
	}

	pause(): void {
		if (this.state === 'playing') this.halt('paused');
	}

	/** Reads again what failed; goes on playing if it did. */
	retry(): void {
		if (this.loading === 'failed') this.show();
	}

	setSpeed(speed: number): void {
		if (Number.isFinite(speed)) this.speed = Math.max(MIN_SPEED, Math.min(MAX_SPEED, speed));
	}

	/** Shows one thing more, or one less, of what happened; where nothing is known, the piece behind or before. */
	step(direction: 1 | -1): void {
		this.pause();
		const { current } = this.screens;
		if (!current || this.cut.isBusy) return;
		const { film } = this.footage;
		const at =
			direction === 1
				? (current.nextEventAt() ?? film.follow(current.pageId, current.lastSeq)?.fromAt)
				: current.eventBefore(this.now());
		// Whole ms, upwards: what happened within the last one is on the screen by then.
		if (at !== undefined && Number.isFinite(at)) this.seek(Math.ceil(at - film.index.startAt));
	}

	setSkipInactivity(isOn: boolean): void {
		this.skipsInactivity = isOn;
	}

	destroy(): void {
		this.isGone = true;
		cancelAnimationFrame(this.frame);
		this.cut.close();
		this.screens.destroy();
	}

	/** Hub time of now. */
	private now(): number {
		return this.footage.film.index.startAt + this.at;
	}

	private clamp(ms: number): number {
		return Math.max(0, Math.min(ms, this.length()));
	}

	private length(): number {
		const { startAt, endAt } = this.footage.film.index;
		return Math.max(0, endAt - startAt);
	}

	private isShortStep(): boolean {
		const { current } = this.screens;
		const now = this.now();
		if (this.cut.isBusy || this.loading === 'failed' || !current || now < current.at) return false;
		if (now - current.at > SHORT_STEP_MS || this.footage.film.unreadTails(now).length > 0) return false;
		return current.pageId === this.footage.film.pageAt(now) && current.reaches(now);
	}

	private tick(frameAt: number): void {
		const passed = Math.max(0, Math.min(MAX_STEP_MS, frameAt - this.lastFrameAt)) * this.speed;
		this.lastFrameAt = frameAt;
		if (!this.cut.isBusy && !this.held && this.loading !== 'failed') this.move(passed);
		if (this.state !== 'playing') return;
		if (frameAt - this.lastReportAt >= REPORT_MS) {
			this.lastReportAt = frameAt;
			this.report();
		}
		this.frame = requestAnimationFrame((now) => this.tick(now));
	}

	private move(passed: number): void {
		this.at = Math.min(this.length(), this.at + passed);
		if (this.skipsInactivity) this.skip();
		if (this.footage.film.index.isRunning) this.follow();
		if (this.advance() && this.at >= this.length() && !this.footage.film.index.isRunning) this.halt('ended');
	}

	private skip(): void {
		const { film } = this.footage;
		// Of what comes after the index nobody knows yet whether somebody acts.
		const next = film.nextActivity(this.now()) ?? film.index.endAt;
		if (next - this.now() > INACTIVE_MS) this.at = next - RESUME_BEFORE_MS - film.index.startAt;
	}

	/** Near the end of a recording that runs, its index is read again: blocks were sealed, time went on. */
	private follow(): void {
		const now = performance.now();
		if ((this.length() - this.at) / this.speed > FOLLOW_MS || now - this.lastFollowAt < FOLLOW_MS) return;
		this.lastFollowAt = now;
		// What is there is played on; the next try may tell more.
		this.footage.refresh().catch(() => null);
	}

	/** Shows what has become due. False while that has to be read first. */
	private advance(): boolean {
		const { film } = this.footage;
		const now = this.now();
		if (film.unreadTails(now).length > 0) return this.hold(this.footage.readTails(now), true);
		const pageId = film.pageAt(now);
		if (pageId === null || film.startOf(pageId, now) === null) return true;
		if (this.screens.playTo(pageId, now)) {
			this.screens.lookAhead(now, now + AHEAD_MS * Math.max(1, this.speed));
			return true;
		}
		const coming = this.screens.comingTo(pageId, now);
		if (coming) return this.hold(coming, false);
		this.show();
		return false;
	}

	private hold(reading: Promise<unknown>, isNeeded: boolean): false {
		this.tell('loading');
		const held: Promise<void> = reading.then(
			() => this.letGo(held),
			(error: unknown) => {
				this.letGo(held);
				// What was read ahead is read again where it is needed; only then its failure counts.
				if (isNeeded) this.fail(error);
			}
		);
		this.held = held;
		return false;
	}

	private letGo(held: Promise<unknown>): void {
		if (this.held !== held) return;
		this.held = null;
		if (!this.cut.isBusy) this.tell('none');
	}

	private show(): void {
		this.screens.dropReady();
		this.tell('loading');
		this.cut.ask();
	}

	private async make(signal: AbortSignal, onRead: () => void): Promise<void> {
		await this.footage.readTails(this.now());
		signal.throwIfAborted();
		const at = this.now();
		const pageId = this.footage.film.pageAt(at);
		this.screens.cutTo(pageId === null ? null : await this.screens.open({ pageId, at }, signal, onRead));
	}

	private made(): void {
		this.tell('none');
		this.prefetch();
	}

	/** What is likely wanted next, once there is a picture. */
	private prefetch(): void {
		const { current } = this.screens;
		if (!current) return;
		const { film, pieces } = this.footage;
		const next = film.follow(current.pageId, current.lastSeq);
		const before = this.isScrubbing ? film.before(current.pageId, current.firstSeq) : null;
		for (const piece of [next, before]) if (piece?.blockId) pieces.prefetch(piece.blockId);
	}

	private fail(error: unknown): void {
		if (this.isGone) return;
		console.warn('A part of the recording could not be read', error);
		this.tell('failed');
	}

	private tell(loading: ReplayLoading): void {
		if (loading === this.loading) return;
		this.loading = loading;
		this.callbacks.onLoading(loading);
	}

	private halt(state: ReplayState): void {
		cancelAnimationFrame(this.frame);
		this.change(state);
		this.report();
	}

	private change(state: ReplayState): void {
		if (state === this.state) return;
		this.state = state;
		this.screens.animate(state === 'playing');
		this.callbacks.onState(state);
	}

	private report(): void {
		this.callbacks.onTime(Math.round(this.at));
	}
}
