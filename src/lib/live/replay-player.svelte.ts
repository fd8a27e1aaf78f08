// A recording in the player's frame: hands it what it asks for, keeps what the controls show. The frame plays; this obeys it.
import type { ShownStretch } from '#protocol/help.ts';
import type { PersonalNote } from '#recorder/format/masked.ts';
import { FrameHost } from '#recorder/playback/frame-host.ts';
import { FilmFetcher, type FilmSource } from './film-fetcher.ts';
import { SmallWindow } from './small-window.svelte.ts';

/** `assets`: what the frame needs to load the recording's pictures; `shown`: what helpers pointed at and drew. */
export type ReplaySource = FilmSource & { impersonationId: string; assets: string; shown: ShownStretch[] };

export type Size = { width: number; height: number };

type Words = { notes: PersonalNote[]; unreadable: number; isCut: boolean };

/** Reports of the frame's time that were under way at a seek come within this; they would pull the slider back. */
const SEEK_SETTLES_MS = 250;

const lostText = (batches: number): string =>
	`${batches} ${batches === 1 ? 'batch' : 'batches'} of this recording could not be read. The rest plays.`;

export class ReplayPlayer {
	at = $state(0);
	state: 'playing' | 'paused' | 'ended' = $state('paused');
	speed = $state(1);
	skipsInactivity = $state(false);
	/** Grows while the recording runs. */
	lengthMs = $state(0);
	/** Null until the first picture is there, or known to be none. */
	hasPicture: boolean | null = $state(null);
	/** Why a part could not be read; null while all goes well. `retry` tries again. */
	trouble: string | null = $state(null);
	isLoading = $state(false);
	/** Of the recorded screen; null until there is one. */
	size: Size | null = $state.raw(null);
	/** Sentences about what is missing for good. */
	faults: string[] = $state.raw([]);
	/** Personal data shows in the clear: the reader has said why, and it was logged. */
	isUnmasked = $state(false);
	/** There were such words: what was masked of them is read now. */
	showsPersonal = $state(false);
	readonly small = new SmallWindow();
	private readonly iframe: HTMLIFrameElement;
	private readonly source: ReplaySource;
	private readonly host: FrameHost;
	private readonly fetcher: FilmFetcher;
	private readonly stop = new AbortController();
	private seekedAt = 0;
	private lastTrouble = '';
	private damaged = 0;

	constructor(iframe: HTMLIFrameElement, replayOrigin: string, source: ReplaySource, startMs: number) {
		this.source = source;
		this.iframe = iframe;
		this.lengthMs = source.lengthMs;
		this.at = this.clamp(startMs);
		this.fetcher = new FilmFetcher({
			impersonationId: source.impersonationId,
			source,
			onFilm: ({ lengthMs }) => (this.lengthMs = lengthMs),
			onTrouble: (sentence) => (this.lastTrouble = sentence)
		});
		this.host = new FrameHost(iframe, replayOrigin, {
			assets: source.assets,
			onReload: () => this.reopen(),
			onSize: (size) => (this.size = size),
			onTime: (ms) => this.told(ms),
			onState: (state) => (this.state = state),
			onLoading: (loading) => this.loading(loading),
			onPicture: (hasPicture) => (this.hasPicture = hasPicture),
			onWants: (request, wanted) =>
				void this.fetcher.get(wanted).then((answer) => this.host.answer(request, answer)),
			onDamaged: ({ batches }) => this.lost(batches)
		});
		this.open();
	}

	play(): void {
		this.host.play();
	}

	pause(): void {
		this.host.pause();
	}

	toggle(): void {
		if (this.state === 'playing') this.pause();
		else this.play();
	}

	seek(ms: number): void {
		this.at = this.clamp(ms);
		this.seekedAt = performance.now();
		this.host.seek(this.at);
	}

	retry(): void {
		this.host.retry();
	}

	setSpeed(speed: number): void {
		this.speed = speed;
		this.host.setSpeed(speed);
	}

	/** To the next or last thing that happened on the screen. */
	step(direction: 1 | -1): void {
		this.host.step(direction);
	}

	setSkipInactivity(isOn: boolean): void {
		this.skipsInactivity = isOn;
		this.host.setSkipInactivity(isOn);
	}

	/** Shows personal data in the clear; only once the server has logged it does it hand the words out. */
	async unmask(): Promise<void> {
		this.isUnmasked = true;
		const told = this.faults;
		for (const { pageId } of this.fetcher.film.pages) await this.loadWords(pageId);
		if (!this.showsPersonal && this.faults === told)
			this.fault('No personal data was kept with this recording. What is masked stays masked.');
	}

	/** The screen in a small window that stays on top, or back in the page. */
	async toggleSmall(title: string): Promise<void> {
		const { width, height } = this.size ?? { width: 16, height: 10 };
		const onMoved = (): void => this.host.moved();
		await this.small.toggle({ frame: this.iframe, title, ratio: width / height, onMoved });
	}

	close(): void {
		this.small.end();
		this.stop.abort();
		this.fetcher.close();
		this.host.destroy();
	}

	private clamp(ms: number): number {
		return Math.round(Math.min(Math.max(Number.isFinite(ms) ? ms : 0, 0), this.lengthMs));
	}

	private told(ms: number): void {
		if (performance.now() - this.seekedAt < SEEK_SETTLES_MS) return;
		this.at = this.clamp(ms);
	}

	private loading(loading: 'none' | 'loading' | 'failed'): void {
		this.isLoading = loading === 'loading';
		if (loading === 'failed')
			this.trouble = `This part of the recording could not be loaded. ${this.lastTrouble}`.trim();
		if (loading === 'none') this.trouble = null;
	}

	private lost(batches: number): void {
		const others = this.faults.filter((text) => text !== lostText(this.damaged));
		this.damaged += batches;
		this.faults = [...others, lostText(this.damaged)];
	}

	private fault(text: string): void {
		if (!this.faults.includes(text)) this.faults = [...this.faults, text];
	}

	/** The frame knows nothing any more: it goes on where it was. */
	private reopen(): void {
		const wasPlaying = this.state === 'playing';
		this.open();
		if (wasPlaying) this.play();
	}

	private open(): void {
		this.state = 'paused';
		this.hasPicture = null;
		this.host.showStretches(this.source.shown);
		this.host.open(this.fetcher.film, this.at);
		this.host.setSpeed(this.speed);
		this.host.setSkipInactivity(this.skipsInactivity);
		if (this.isUnmasked) void this.unmask();
	}

	private async loadWords(pageId: string): Promise<void> {
		const address = `/recordings/${this.source.impersonationId}/pages/${pageId}/personal`;
		try {
			const response = await fetch(address, { signal: this.stop.signal });
			if (!response.ok)
				return this.fault('A page’s personal data could not be unmasked. Reload to try again.');
			const { notes, unreadable, isCut } = (await response.json()) as Words;
			if (isCut)
				this.fault('A page holds more personal data than can be unmasked. What came later stays masked.');
			if (unreadable > 0)
				this.fault('Some personal data cannot be unmasked: its key was erased, or it is damaged.');
			this.showsPersonal ||= notes.length > 0;
			this.host.unmask(pageId, notes);
		} catch (error) {
			if (this.stop.signal.aborted) return;
			console.warn('Personal data of a page could not be loaded', error);
			this.fault('A page’s personal data could not be unmasked. Reload to try again.');
		}
	}
}
