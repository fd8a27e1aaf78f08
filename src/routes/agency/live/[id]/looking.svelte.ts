// Looking back on a live page, and its screen in a small window: what the bar below the screen and its keys do.
import { deserialize } from '$app/forms';
import type { FilmSource } from '#live/film-fetcher.ts';
import { LookBack } from '#live/look-back.svelte.ts';
import { SmallWindow } from '#live/small-window.svelte.ts';
import type { LookKey } from './live-keys.ts';

type Options = {
	impersonationId: string;
	replayOrigin: string;
	assets: string;
	/** Name of the small window. */
	title: string;
	/** How long the session has lasted. */
	lengthMs(): number;
	/** It begins: what is held over the present is put down. */
	onBack(): void;
	/** The screen is about to stand in a small window. */
	onSmall(): void;
};

/** Where a screen has not been measured yet. */
const USUAL_RATIO = 16 / 10;

export class Looking {
	readonly look: LookBack;
	readonly small = new SmallWindow();
	private readonly options: Options;
	private wasLogged = false;
	private screen: { frame: HTMLIFrameElement; onMoved(): void } | null = null;

	constructor(options: Options) {
		this.options = options;
		this.look = new LookBack({ ...options, read: () => this.readFilm() });
	}

	/** The live screen. @returns what lets go of it */
	hold(frame: HTMLIFrameElement, onMoved: () => void): () => void {
		this.screen = { frame, onMoved };
		return () => (this.screen = null);
	}

	obey(key: LookKey): void {
		const { look } = this;
		if (key === 'small') void this.toggleSmall();
		else if (key === 'earlier') look.step(-1);
		else if (key === 'later') look.step(1);
		else if (key === 'now') look.end();
		else look.player?.toggle();
	}

	/** The first time it is an action, and logged; later what was recorded meanwhile is read. */
	private async readFilm(): Promise<FilmSource> {
		this.options.onBack();
		if (this.wasLogged) {
			const answer = await fetch(`/recordings/${this.options.impersonationId}/film`);
			if (!answer.ok) throw new Error(`The index answered ${answer.status}`);
			return (await answer.json()) as FilmSource;
		}
		const headers = { 'x-sveltekit-action': 'true' };
		const answer = await fetch('?/lookBack', { method: 'POST', body: new FormData(), headers });
		const result = deserialize(await answer.text());
		if (result.type !== 'success') throw new Error(`Looking back was refused: ${result.type}`);
		this.wasLogged = true;
		return result.data?.['film'] as FilmSource;
	}

	private async toggleSmall(): Promise<void> {
		this.look.end();
		if (!this.screen) return;
		if (!this.small.isOpen) this.options.onSmall();
		const { width, height } = this.screen.frame.getBoundingClientRect();
		const ratio = width > 0 && height > 0 ? width / height : USUAL_RATIO;
		await this.small.toggle({ ...this.screen, title: this.options.title, ratio });
	}
}
