// The screen of a page as it is now: every batch is shown the moment it comes; what came before the viewer did is
// applied in one go. Asks for a fresh start where it cannot go on: after a hole, or after its tab was hidden.
import type { BatchHeader } from '#protocol/watch.ts';
import type { AssetsOfPage } from './asset-addresses.ts';
import { PageReader } from './page-reader.ts';
import { Projector } from './projector.ts';
import type { Stage } from './stage.ts';

export type RejoinReason = 'hidden' | 'hole' | 'damaged';

export type LiveCallbacks = {
	/** Follow the page again from its snapshot; what is shown stays until then. */
	needsRejoin(reason: RejoinReason): void;
	/** A batch is on the screen; `at` is the hub time of its last event. */
	onShown(shown: { pageId: string; seq: number; at: number }): void;
};

export class LiveView {
	private readonly stage: Stage;
	private readonly callbacks: LiveCallbacks;
	private projector: Projector | null = null;
	/** The last page's screen stays until the next one has something to show. */
	private outgoing: Projector | null = null;
	private readonly assets: AssetsOfPage | undefined;
	private reader = new PageReader();
	private pageId: string | null = null;
	private lastSeq = -1;
	private isWaiting = false;
	private readonly onVisibility = (): void => {
		if (document.visibilityState === 'visible' && this.isWaiting) this.callbacks.needsRejoin('hidden');
	};

	constructor(stage: Stage, callbacks: LiveCallbacks, assets?: AssetsOfPage) {
		this.stage = stage;
		this.assets = assets;
		this.callbacks = callbacks;
		document.addEventListener('visibilitychange', this.onVisibility);
	}

	get document(): Document | null {
		return this.projector?.document ?? this.outgoing?.document ?? null;
	}

	/** The page on the screen, or about to be. */
	get page(): string | null {
		return this.pageId;
	}

	/** Number of the last batch that is on it. */
	get seq(): number {
		return this.lastSeq;
	}

	elementOf(id: number): Element | null {
		return this.projector?.elementOf(id) ?? null;
	}

	idOf(node: Node): number {
		return this.projector?.idOf(node) ?? -1;
	}

	/** Forgets the page; the next batches start from its snapshot again. */
	reset(): void {
		// Only a picture replaces a picture: two resets with nothing shown between them must not blank the screen.
		if (this.projector?.document) {
			this.outgoing?.destroy();
			this.outgoing = this.projector;
		} else this.projector?.destroy();
		this.projector = null;
		this.reader = new PageReader();
		this.pageId = null;
		this.lastSeq = -1;
		this.isWaiting = false;
	}

	addBatch(header: BatchHeader, bytes: Uint8Array): void {
		if (header.pageId !== this.pageId && this.pageId !== null) this.reset();
		// A hidden tab shows nothing to anybody; going on would only pile up work for the moment it is shown.
		if (document.visibilityState === 'hidden' && this.projector?.document) this.isWaiting = true;
		if (this.isWaiting || header.seq <= this.lastSeq) return;
		if (this.pageId !== null && header.seq > this.lastSeq + 1) return this.stopFor('hole');
		if (this.pageId === null) this.reader = new PageReader(undefined, this.assets?.(header.pageId));
		this.pageId = header.pageId;
		this.lastSeq = header.seq;
		this.show(header, bytes);
	}

	destroy(): void {
		document.removeEventListener('visibilitychange', this.onVisibility);
		this.projector?.destroy();
		this.outgoing?.destroy();
	}

	private show(header: BatchHeader, bytes: Uint8Array): void {
		try {
			const events = this.reader.read({ header, bytes });
			this.projector ??= new Projector(this.stage.box, (size) => this.stage.resize(size));
			this.projector.show(events);
			const at = events.at(-1)?.timestamp ?? header.receivedAt;
			this.callbacks.onShown({ pageId: header.pageId, seq: header.seq, at });
		} catch (error) {
			console.warn('A live batch could not be shown', error);
			return this.stopFor('damaged');
		}
		if (!this.projector.document) return;
		this.projector.animate(true);
		this.projector.reveal();
		this.outgoing?.destroy();
		this.outgoing = null;
	}

	private stopFor(reason: RejoinReason): void {
		this.isWaiting = true;
		this.callbacks.needsRejoin(reason);
	}
}
