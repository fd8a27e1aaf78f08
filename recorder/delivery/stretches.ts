// Says in the recording why little or nothing comes: the tab is hidden, offline, frozen, or cannot reach the hub. What
// is not said here and still missing is a hole that nobody explains.
import { CUSTOM_TAGS, type StretchMark } from '../format/events.ts';

type What = StretchMark['what'];

export class Stretches {
	private readonly since = new Map<What, number>();
	private readonly mark: (tag: string, payload: StretchMark) => void;
	private isStarted = false;
	private readonly stops: (() => void)[] = [];

	constructor(mark: (tag: string, payload: StretchMark) => void) {
		this.mark = mark;
	}

	/** From now on; not before the first snapshot, since nothing can be recorded before it. */
	start(onFreeze: () => void): void {
		if (this.isStarted) return;
		this.isStarted = true;
		const look = (): void => {
			this.set('hidden', document.visibilityState === 'hidden');
			this.set('offline', !navigator.onLine);
		};
		this.listen(document, 'visibilitychange', look);
		this.listen(window, 'online', look);
		this.listen(window, 'offline', look);
		this.listen(document, 'freeze', () => {
			this.set('frozen', true);
			// The browser may discard the tab from here without another word.
			onFreeze();
		});
		this.listen(document, 'resume', () => this.set('frozen', false));
		look();
	}

	/** It began or ended; said once. `alreadyMs`: it had begun that long before anybody knew. */
	set(what: What, isSo: boolean, alreadyMs = 0): void {
		const since = this.since.get(what);
		if (!this.isStarted || isSo === (since !== undefined)) return;
		const now = performance.now();
		if (isSo) this.since.set(what, now - alreadyMs);
		else this.since.delete(what);
		const ms = Math.round(now - (since ?? now - alreadyMs));
		this.mark(CUSTOM_TAGS.stretch, { what, state: isSo ? 'begins' : 'ends', ms });
	}

	stop(): void {
		for (const stop of this.stops) stop();
	}

	private listen(target: EventTarget, name: string, then: () => void): void {
		target.addEventListener(name, then);
		this.stops.push(() => target.removeEventListener(name, then));
	}
}
