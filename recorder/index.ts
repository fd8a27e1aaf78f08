// The recorder's one door: loaded by dynamic import from the portal's layout while impersonating, and only then [L6].
import { LEASE_MS } from '#protocol/limits.ts';
import type { PageMasking } from '#protocol/masking.ts';
import type { SessionState } from '#protocol/session.ts';
import { startCapture, type Capture } from './capture/capture.ts';
import type { AssetsOf, CollectedAssets } from './collect-assets.ts';
import { openSeal } from './delivery/copy-seal.ts';
import { openCopyStore } from './delivery/copy-store.ts';
import { Delivery } from './delivery/delivery.ts';
import type { RecordingState } from './delivery/lease-watch.ts';
import { browserLocks } from './delivery/page-lock.ts';
import { openSocketWire } from './delivery/socket-wire.ts';
import { Stretches } from './delivery/stretches.ts';
import { Whereabouts } from './delivery/where.ts';
import type { HelpAsked, HelpTold } from './delivery/wire.ts';
import { CUSTOM_TAGS, EVENT } from './format/events.ts';

export type { RecordingState } from './delivery/lease-watch.ts';

/** Help beside the recording, which only crosses here. */
export type HelpOptions = {
	/** A connection is ready; the hub knows nothing of the one before. */
	onReady(): void;
	onTold(told: HelpTold): void;
};

export type Recorder = {
	stop(): void;
	/** Asks the hub; null when no answer came. */
	ask(event: HelpAsked['event'], payload?: unknown): Promise<unknown>;
	/** The element that events call so, or null when it is not there any more. */
	nodeOf(id: number): Node | null;
	/** Number of the batch that is being filled. */
	next(): number;
};

export type RecorderOptions = {
	/** The ticket the server minted for this document. */
	ticket: string;
	pageId: string;
	masking: PageMasking;
	onState(state: SessionState): void;
	/** `why` stands beside 'stopped': a refusal's code, 'ended', or 'fault'. */
	onRecording(state: RecordingState, why?: string): void;
	onEnded(ended: { reason: string }): void;
	help?: HelpOptions;
	/**
	 * Opens what brings pictures and fonts of the page away (`collect-assets.ts`); loaded apart, since nobody waits for it.
	 * Without it none are kept.
	 */
	collect?: (page: AssetsOf) => CollectedAssets | null;
};

/** A snapshot that the hub asks for waits this long for an idle moment. */
const IDLE_WAIT_MS = 2_000;

/** Records this document and delivers it to the hub until stopped, refused or ended. Never throws into the page. */
export function startRecorder(options: RecorderOptions): Recorder {
	let capture: Capture | null = null;
	const stretches = new Stretches((tag, payload) => capture?.mark(tag, payload));
	const delivery = new Delivery({
		...options,
		openWire: openSocketWire,
		store: openCopyStore(),
		openSeal,
		locks: browserLocks,
		onRecording: (state, why) => {
			if (state === 'stopped') release();
			if (state === 'silent') stretches.set('silent', true, LEASE_MS);
			if (state === 'live') stretches.set('silent', false);
			options.onRecording(state, why);
		},
		onConnected: () => {
			whereabouts?.again();
			options.help?.onReady();
		},
		onHelp: (told) => options.help?.onTold(told),
		onFlush: () => whereabouts?.check(),
		onRecovered: (dropped) => capture?.mark(CUSTOM_TAGS.dropped, dropped),
		onSnapshotWanted: (when) => (when === 'now' ? capture?.snapshot() : inIdle(() => capture?.snapshot()))
	});
	const whereabouts: Whereabouts | undefined = new Whereabouts((where) => delivery.sendWhere(where), {
		addressOf: (url) => capture?.addressOf(url) ?? '',
		titleOf: (title) => capture?.titleOf(title) ?? ''
	});
	const release = (): void => {
		stopFollowing();
		whereabouts?.stop();
		stretches.stop();
		assets?.stop();
		capture?.stop();
	};
	const stopFollowing = followPage(delivery);
	const assets = options.collect?.({ masking: options.masking, capture: () => capture });
	capture = startCapture({
		pageId: options.pageId,
		masking: options.masking,
		emit: (event) => {
			delivery.push(event);
			assets?.see(event);
			// After this turn: rrweb takes no marks while it makes its first snapshot.
			if (event.type === EVENT.fullSnapshot) queueMicrotask(() => stretches.start(() => delivery.secure()));
		},
		onFault: (error) => {
			console.warn('The recorder stopped after a fault', error);
			delivery.fail('fault');
		}
	});
	return {
		stop: () => {
			release();
			delivery.stop();
		},
		ask: (event, payload) => new Promise((reply) => delivery.ask({ event, payload, reply })),
		nodeOf: (id) => capture?.nodeOf(id) ?? null,
		next: () => delivery.batcher.next
	};
}

/** The document may go away at any moment, and come back out of the browser's cache. @returns what ends it */
function followPage(delivery: Delivery): () => void {
	const onHide = (): void => delivery.handOver();
	const onShow = (event: PageTransitionEvent): void => {
		if (event.persisted) delivery.takeBack();
	};
	addEventListener('pagehide', onHide);
	addEventListener('pageshow', onShow);
	return () => {
		removeEventListener('pagehide', onHide);
		removeEventListener('pageshow', onShow);
	};
}

function inIdle(work: () => void): void {
	if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: IDLE_WAIT_MS });
	else setTimeout(work, IDLE_WAIT_MS);
}
