// Looking back in a session that runs: what was recorded so far, played in a frame of its own over the live one, which goes on
// receiving. Back to now is leaving it.
import type { FilmSource } from './film-fetcher.ts';
import { ReplayPlayer } from './replay-player.svelte.ts';

/** So near to the present there is nothing to look back at. */
const PRESENT_MS = 1_500;
/** A step with a key or a button. */
export const LOOK_STEP_MS = 10_000;

export type LookBackOptions = {
	impersonationId: string;
	replayOrigin: string;
	/** What the frame needs to load pictures. */
	assets: string;
	/** Says that it begins and gives what was recorded; the first time it is logged. */
	read(): Promise<FilmSource>;
	/** How long the session has lasted. */
	lengthMs(): number;
};

export class LookBack {
	/** What was recorded when it was read; while there is one, a frame shows it. */
	film: FilmSource | null = $state.raw(null);
	player: ReplayPlayer | null = $state.raw(null);
	isOpening = $state(false);
	/** Why the past cannot be shown. */
	fault: string | null = $state(null);
	private readonly options: LookBackOptions;
	private wanted = $state(0);
	/** Counts openings and ends: what comes of one that is over opens nothing. */
	private run = 0;

	constructor(options: LookBackOptions) {
		this.options = options;
	}

	get isOn(): boolean {
		return this.film !== null || this.isOpening;
	}

	/** The moment that is looked at, ms since the start; null at the present. */
	get at(): number | null {
		return this.isOn ? (this.player?.at ?? this.wanted) : null;
	}

	async to(ms: number): Promise<void> {
		if (ms >= this.options.lengthMs() - PRESENT_MS) return this.end();
		this.wanted = Math.max(0, Math.round(ms));
		if (this.player && this.wanted <= this.player.lengthMs) return this.player.seek(this.wanted);
		if (!this.isOpening) await this.open();
	}

	step(direction: 1 | -1): void {
		if (direction === 1 && !this.isOn) return;
		void this.to((this.at ?? this.options.lengthMs()) + direction * LOOK_STEP_MS);
	}

	end(): void {
		this.run += 1;
		this.isOpening = false;
		this.film = null;
		this.fault = null;
	}

	/** The frame is there. @returns what ends it */
	mount(iframe: HTMLIFrameElement, film: FilmSource): () => void {
		const { impersonationId, replayOrigin, assets } = this.options;
		const source = { ...film, impersonationId, assets, shown: [] };
		const player = new ReplayPlayer(iframe, replayOrigin, source, this.wanted);
		player.play();
		this.player = player;
		return () => {
			player.close();
			if (this.player === player) this.player = null;
		};
	}

	private async open(): Promise<void> {
		const run = ++this.run;
		this.isOpening = true;
		this.fault = null;
		const film = await this.options.read().catch((error: unknown) => {
			console.warn('What was recorded so far could not be read', error);
			return null;
		});
		// Attack: a slow network. Whoever went back to now meanwhile believes to watch live, and is not put into the past again.
		if (run !== this.run) return;
		this.film = film;
		if (!film) this.fault = 'What was recorded so far could not be read. Check the connection and try again.';
		this.isOpening = false;
	}
}
