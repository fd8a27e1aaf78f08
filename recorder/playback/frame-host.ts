// The agency page's end of the player's frame: methods like the player's, its events as callbacks. Imports nothing of
// rrweb, so the agency page stays small and never rebuilds a recording itself.
import type { Mark, ShownStretch } from '#protocol/help.ts';
import type { BatchHeader } from '#protocol/watch.ts';
import type { PersonalNote } from '../format/masked.ts';
import type { FilmIndex } from './film-index.ts';
import {
	readFromFrame,
	wrap,
	type CrossingBatch,
	type FromFrame,
	type ToFrame,
	type Wanted
} from './frame-protocol.ts';
import type { Tool } from './help-tool.ts';
import type { Tail } from './piece-source.ts';

type Of<K extends FromFrame['kind']> = Omit<Extract<FromFrame, { kind: K }>, 'kind'>;

/** All optional; each gets the message's content. */
export type FrameCallbacks = {
	/** The frame was reloaded and knows nothing: everything must be given to it again. */
	onReload?(): void;
	onSize?(size: Of<'size'>): void;
	onShown?(shown: Of<'shown'>): void;
	onRejoin?(rejoin: Of<'rejoin'>): void;
	/** The helper at this screen points at or draws on that page. */
	onPointed?(pointed: Of<'pointed'>): void;
	onDrawn?(drawn: Of<'drawn'>): void;
	/** The holder of control at this screen clicks, scrolls or chooses. */
	onSteered?(steered: Of<'steered'>): void;
	onTime?(ms: number): void;
	onState?(state: Of<'state'>['state']): void;
	onLoading?(loading: Of<'loading'>['loading']): void;
	onPicture?(hasPicture: boolean): void;
	/** To be answered with the same number, whatever comes of it. */
	onWants?(request: number, wanted: Wanted): void;
	onDamaged?(damaged: Of<'damaged'>): void;
	/** Lets the frame load pictures of the recording (`grantAssets`); each document of the frame is told it first. */
	assets?: string;
};

/** What came of a request. `bytes` are given away. */
export type WantedAnswer =
	| { kind: 'piece'; bytes: ArrayBuffer }
	| { kind: 'tail'; tail: Omit<Tail, 'bytes'>; bytes: ArrayBuffer }
	| { kind: 'index'; film: FilmIndex }
	| { kind: 'none'; why: 'gone' | 'failed' };

export class FrameHost {
	private readonly iframe: HTMLIFrameElement;
	private readonly replayOrigin: string;
	private readonly callbacks: FrameCallbacks;
	/** Where the frame stands: what it says to its parent is heard there. */
	private home: Window;
	private isReady = false;
	private instance: string | null = null;
	private queue: { message: ToFrame; transfer: ArrayBuffer[] }[] = [];
	private readonly listener = (event: MessageEvent<unknown>): void => this.receive(event);

	constructor(iframe: HTMLIFrameElement, replayOrigin: string, callbacks: FrameCallbacks = {}) {
		this.iframe = iframe;
		this.replayOrigin = new URL(replayOrigin).origin;
		this.callbacks = callbacks;
		this.home = homeOf(iframe);
		this.home.addEventListener('message', this.listener);
		// The frame may have said 'ready' before anybody listened.
		this.post({ kind: 'hello' }, []);
	}

	/** The frame was moved into another window, where it is loaded anew: `onReload` follows. */
	moved(): void {
		this.home.removeEventListener('message', this.listener);
		this.home = homeOf(this.iframe);
		this.home.addEventListener('message', this.listener);
		this.isReady = false;
		this.queue = [];
	}

	startLive(): void {
		this.send({ kind: 'live:start' });
	}

	addBatch(header: BatchHeader, bytes: Uint8Array): void {
		const batch = crossing(header, bytes);
		this.send({ kind: 'live:batch', batch }, [batch.bytes]);
	}

	reset(): void {
		this.send({ kind: 'live:reset' });
	}

	holdTool(tool: Tool): void {
		this.send({ kind: 'live:tool', tool });
	}

	showMark(mark: Mark): void {
		this.send({ kind: 'live:mark', mark });
	}

	/** What helpers showed, told before the replay is opened. */
	showStretches(stretches: ShownStretch[]): void {
		this.send({ kind: 'replay:shown', stretches });
	}

	open(film: FilmIndex, at: number): void {
		this.send({ kind: 'replay:open', film, at });
	}

	answer(request: number, answer: WantedAnswer): void {
		if (answer.kind === 'none') return this.send({ kind: 'replay:none', request, why: answer.why });
		if (answer.kind === 'index') return this.send({ kind: 'replay:index', request, film: answer.film });
		const tail = answer.kind === 'tail' ? answer.tail : null;
		this.send({ kind: 'replay:piece', request, bytes: answer.bytes, tail }, [answer.bytes]);
	}

	retry(): void {
		this.send({ kind: 'replay:retry' });
	}

	unmask(pageId: string, notes: PersonalNote[]): void {
		this.send({ kind: 'replay:words', pageId, notes });
	}

	seek(ms: number): void {
		this.send({ kind: 'replay:seek', ms });
	}

	play(): void {
		this.send({ kind: 'replay:play' });
	}

	pause(): void {
		this.send({ kind: 'replay:pause' });
	}

	setSpeed(speed: number): void {
		this.send({ kind: 'replay:speed', speed });
	}

	step(direction: 1 | -1): void {
		this.send({ kind: 'replay:step', direction });
	}

	setSkipInactivity(isOn: boolean): void {
		this.send({ kind: 'replay:skip', isOn });
	}

	destroy(): void {
		this.home.removeEventListener('message', this.listener);
		this.queue = [];
	}

	private send(message: ToFrame, transfer: ArrayBuffer[] = []): void {
		if (this.isReady) this.post(message, transfer);
		else this.queue.push({ message, transfer });
	}

	private post(message: ToFrame, transfer: ArrayBuffer[]): void {
		// Addressed to the replay origin: should the frame have been led elsewhere, the recording does not follow.
		this.iframe.contentWindow?.postMessage(wrap(message), this.replayOrigin, transfer);
	}

	private receive(event: MessageEvent<unknown>): void {
		if (event.origin !== this.replayOrigin || event.source !== this.iframe.contentWindow) return;
		const message = readFromFrame(event.data);
		if (message) this.handle(message);
	}

	private ready(instance: string): void {
		const isReload = this.instance !== null && this.instance !== instance;
		this.instance = instance;
		this.isReady = true;
		const { queue, callbacks } = this;
		this.queue = [];
		if (callbacks.assets !== undefined) this.post({ kind: 'assets', grant: callbacks.assets }, []);
		for (const waiting of queue) this.post(waiting.message, waiting.transfer);
		if (isReload) this.callbacks.onReload?.();
	}

	private handle(message: FromFrame): void {
		const { callbacks } = this;
		switch (message.kind) {
			case 'ready':
				return this.ready(message.instance);
			case 'size':
				return callbacks.onSize?.({ width: message.width, height: message.height });
			case 'shown':
				return callbacks.onShown?.({ pageId: message.pageId, seq: message.seq, at: message.at });
			case 'rejoin':
				return callbacks.onRejoin?.({ reason: message.reason });
			case 'pointed':
				return callbacks.onPointed?.({ pageId: message.pageId, at: message.at });
			case 'drawn': {
				const { pageId, stroke, node, points, isEnd } = message;
				return callbacks.onDrawn?.({ pageId, stroke, node, points, isEnd });
			}
			case 'steered':
				return callbacks.onSteered?.({ pageId: message.pageId, seq: message.seq, deed: message.deed });
			case 'time':
				return callbacks.onTime?.(message.ms);
			case 'state':
				return callbacks.onState?.(message.state);
			case 'loading':
				return callbacks.onLoading?.(message.loading);
			case 'picture':
				return callbacks.onPicture?.(message.hasPicture);
			case 'wants':
				return callbacks.onWants?.(message.request, message.wanted);
			case 'damaged':
				return callbacks.onDamaged?.({ pageId: message.pageId, batches: message.batches });
		}
	}
}

const homeOf = ({ ownerDocument }: HTMLIFrameElement): Window => ownerDocument.defaultView ?? window;

/** A copy of its own: socket.io's buffers are views into larger ones, which must not be taken from it. */
function crossing(header: BatchHeader, bytes: Uint8Array): CrossingBatch {
	const { pageId, seq, offsetMs, receivedAt } = header;
	return { header: { pageId, seq, offsetMs, receivedAt }, bytes: new Uint8Array(bytes).buffer };
}
