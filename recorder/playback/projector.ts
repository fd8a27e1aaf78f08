// One rrweb Replayer, used as a screen only: it shows each event the moment it is given it. Time is ours, not the
// Replayer's: with its baseline set after all events every event counts as past and is applied at once to the real DOM.
// That avoids its known traps: the live freeze on a late event, seeking exactly onto a snapshot, O(n²) skipping and the
// backlog of a hidden tab (recording.md §1.3). Recordings are hostile: sandboxed frame, never UNSAFE_replayCanvas.
import { Replayer, ReplayerEvents } from 'rrweb';
import { EVENT, type RecordedEvent } from '../format/events.ts';
import { turnPopovers } from './popovers.ts';

/** After every event there will ever be. */
const AFTER_ALL = Number.MAX_SAFE_INTEGER;

/** They lie in the browser's cache but for the first time. */
const MAX_FONT_WAIT_MS = 120;

export type Size = { width: number; height: number };

type ReplayerEvent = Exclude<Parameters<Replayer['addEvent']>[0], string>;
/** Pointer, selection and hover of synchronous events are shown at the Replayer's own flush, which nobody else calls. */
type Flushing = { emitter: { emit(event: string): void } };

export class Projector {
	readonly layer: HTMLElement;
	private readonly replayer: Replayer;
	private hasScreen = false;

	constructor(stage: HTMLElement, onSize: (size: Size) => void) {
		this.layer = document.createElement('div');
		this.layer.style.cssText = 'position:absolute;inset:0;visibility:hidden';
		stage.append(this.layer);
		this.replayer = new Replayer([], {
			root: this.layer,
			liveMode: true,
			useVirtualDom: false,
			triggerFocus: false,
			mouseTail: false,
			showWarning: false,
			showDebug: false,
			pauseAnimation: true
		});
		this.replayer.on(ReplayerEvents.Resize, (size) => onSize(size as Size));
		this.replayer.startLive(AFTER_ALL);
		// Started with nothing to time: a frame callback for ever would only burn the viewer's battery.
		this.replayer.timer.clear();
	}

	/** The rebuilt document; null before the first snapshot. */
	get document(): Document | null {
		return this.hasScreen ? this.replayer.iframe.contentDocument : null;
	}

	/** The element that the recording calls so, while it is on the screen. */
	elementOf(id: number): Element | null {
		const node = this.replayer.getMirror().getNode(id);
		if (!node?.isConnected) return null;
		return node.nodeType === 1 ? (node as unknown as Element) : node.parentElement;
	}

	/** What the recording calls a node of the screen; -1 for what it does not know. */
	idOf(node: Node): number {
		return this.replayer.getMirror().getId(node as never);
	}

	/**
	 * Shows events in their order. Without a full snapshot before them, changes have nothing to change and are left out.
	 * `isLast`: false while more follows at once; pointer and selection, which make the browser lay the page out, are then
	 * left to the last.
	 */
	show(events: RecordedEvent[], isLast = true): void {
		const { service } = this.replayer;
		const nodeOf = (id: number): Node | null => this.replayer.getMirror().getNode(id);
		for (const event of events) {
			if (event.type === EVENT.fullSnapshot) this.hasScreen = true;
			if (!this.hasScreen && event.type === EVENT.incremental) continue;
			try {
				service.send({ type: 'ADD_EVENT', payload: { event: event as ReplayerEvent } });
				if (this.document) turnPopovers(event, { document: this.document, nodeOf });
			} catch (error) {
				// A recording may contradict itself on purpose; that costs the event, not what comes after it.
				console.warn('An event could not be shown', error);
			}
		}
		if (isLast) (this.replayer as unknown as Flushing).emitter.emit(ReplayerEvents.Flush);
		// The Replayer keeps all events for ever; one is enough for its arithmetic [D4].
		service.state.context.events.splice(0, service.state.context.events.length - 1);
	}

	/** CSS animations run while time does. */
	animate(isRunning: boolean): void {
		this.document?.documentElement?.classList.toggle('rrweb-paused', !isRunning);
	}

	/** Waits, a moment at most, for the fonts of a hidden screen: revealed before them, its text would jump. */
	async settle(): Promise<void> {
		const { document: shown } = this;
		// Asking for a size is what makes the browser find out which fonts the page needs.
		if (!shown?.documentElement || shown.documentElement.offsetHeight < 0) return;
		if (shown.fonts.status !== 'loading') return;
		await Promise.race([shown.fonts.ready, new Promise((resolve) => setTimeout(resolve, MAX_FONT_WAIT_MS))]);
	}

	reveal(): void {
		this.layer.style.visibility = 'visible';
	}

	destroy(): void {
		this.replayer.destroy();
		this.layer.remove();
	}
}
