// A recording in the player's frame: loads its pages, keeps what the controls show. The frame plays; this obeys it.
import type { PersonalNote } from '#recorder/format/masked.ts';
import { FrameHost } from '#recorder/playback/frame-host.ts';
import { readBatchFrames } from './read-batch-frames.ts';

export type ReplaySource = {
	impersonationId: string;
	startedAt: number;
	lengthMs: number;
	pages: readonly { pageId: string; firstEventAt: number; lastEventAt: number }[];
};

type Words = { notes: PersonalNote[]; unreadable: number; isCut: boolean };

/** Reports of the frame's time that were under way at a seek come within this; they would pull the slider back. */
const SEEK_SETTLES_MS = 250;

export class ReplayPlayer {
	at = $state(0);
	state: 'playing' | 'paused' | 'ended' = $state('paused');
	speed = $state(1);
	skipsInactivity = $state(false);
	/** Pages whose events are there or given up; the screen is drawn once the first is. */
	loaded = $state(0);
	/** Addresses of trouble: pages that could not be fetched, batches that could not be read. */
	faults: string[] = $state.raw([]);
	/** Personal data shows in the clear: the reader has said why, and it was logged. */
	isUnmasked = $state(false);
	private readonly source: ReplaySource;
	private readonly host: FrameHost;
	private readonly stop = new AbortController();
	private seekedAt = 0;

	constructor(iframe: HTMLIFrameElement, replayOrigin: string, source: ReplaySource, startMs: number) {
		this.source = source;
		this.at = this.clamp(startMs);
		this.host = new FrameHost(iframe, replayOrigin, {
			onReload: () => void this.open(),
			onTime: (ms) => this.told(ms),
			onState: (state) => (this.state = state),
			onDamaged: ({ batches }) =>
				this.fault(`${batches} batches of a page could not be read. The rest plays.`)
		});
		void this.open();
	}

	get lengthMs(): number {
		return this.source.lengthMs;
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

	setSpeed(speed: number): void {
		this.speed = speed;
		this.host.setSpeed(speed);
	}

	setSkipInactivity(isOn: boolean): void {
		this.skipsInactivity = isOn;
		this.host.setSkipInactivity(isOn);
	}

	/** Shows personal data in the clear; only once the server has logged it does it hand the words out. */
	async unmask(): Promise<void> {
		this.isUnmasked = true;
		for (const { pageId } of this.source.pages) await this.loadWords(pageId);
	}

	close(): void {
		this.stop.abort();
		this.host.destroy();
	}

	private clamp(ms: number): number {
		return Math.round(Math.min(Math.max(Number.isFinite(ms) ? ms : 0, 0), this.source.lengthMs));
	}

	private told(ms: number): void {
		if (performance.now() - this.seekedAt < SEEK_SETTLES_MS) return;
		this.at = this.clamp(ms);
	}

	private fault(text: string): void {
		if (!this.faults.includes(text)) this.faults = [...this.faults, text];
	}

	private async open(): Promise<void> {
		const { startedAt, lengthMs, pages } = this.source;
		this.loaded = 0;
		this.state = 'paused';
		this.host.open({ startAt: startedAt, endAt: startedAt + lengthMs });
		this.host.setSpeed(this.speed);
		this.host.setSkipInactivity(this.skipsInactivity);
		this.host.seek(this.at);
		// The page of the wanted moment first: its picture is what the reader waits for.
		const wanted = startedAt + this.at;
		const distance = ({ firstEventAt, lastEventAt }: (typeof pages)[number]): number =>
			Math.max(0, firstEventAt - wanted, wanted - lastEventAt);
		for (const page of pages.toSorted((a, b) => distance(a) - distance(b))) {
			await this.load(page.pageId);
			if (this.isUnmasked) await this.loadWords(page.pageId);
			if (this.stop.signal.aborted) return;
			this.loaded++;
		}
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
			this.host.unmask(pageId, notes);
		} catch (error) {
			if (this.stop.signal.aborted) return;
			console.warn('Personal data of a page could not be loaded', error);
			this.fault('A page’s personal data could not be unmasked. Reload to try again.');
		}
	}

	private async load(pageId: string): Promise<void> {
		const address = `/recordings/${this.source.impersonationId}/pages/${pageId}/events`;
		try {
			const response = await fetch(address, { signal: this.stop.signal });
			if (!response.ok) return this.fault('A page’s events could not be loaded. Reload to try again.');
			const { batches, isWhole } = readBatchFrames(pageId, await response.arrayBuffer());
			if (!isWhole) this.fault('A page’s events came only in part. Reload to try again.');
			this.host.loadPage(pageId, batches);
		} catch (error) {
			if (!this.stop.signal.aborted) {
				console.warn('A page of the recording could not be loaded', error);
				this.fault('A page’s events could not be loaded. Reload to try again.');
			}
		}
	}
}
