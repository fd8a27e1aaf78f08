// The recorder's one door: loaded by dynamic import from the portal's layout while impersonating, and only then [L6].
import type { SessionState } from '#protocol/session.ts';
import { startCapture, type Capture } from './capture/capture.ts';
import { Delivery, type RecordingState } from './delivery/delivery.ts';
import { createHandoverStore } from './delivery/handover.ts';
import { openSocketWire } from './delivery/socket-wire.ts';
import { Whereabouts } from './delivery/where.ts';
import { CUSTOM_TAGS } from './format/events.ts';

export type { RecordingState } from './delivery/delivery.ts';

export type RecorderOptions = {
	/** The ticket the server minted for this document. */
	ticket: string;
	pageId: string;
	onState(state: SessionState): void;
	/** `why` stands beside 'stopped': a refusal's code, 'ended', or 'fault'. */
	onRecording(state: RecordingState, why?: string): void;
	onEnded(ended: { reason: string }): void;
};

/** Records this document and delivers it to the hub until stopped, refused or ended. Never throws into the page. */
export function startRecorder(options: RecorderOptions): { stop(): void } {
	let capture: Capture | null = null;
	const delivery = new Delivery({
		...options,
		openWire: openSocketWire,
		store: createHandoverStore(),
		onRecording: (state, why) => {
			if (state === 'stopped') release();
			options.onRecording(state, why);
		},
		onConnected: () => whereabouts?.again(),
		onFlush: () => whereabouts?.check(),
		onRecovered: (dropped) => {
			capture?.mark(CUSTOM_TAGS.dropped, dropped);
			if (dropped.events > 0) capture?.snapshot();
		}
	});
	const whereabouts: Whereabouts | undefined = new Whereabouts((where) => delivery.sendWhere(where));
	const onHide = (): void => delivery.handOver();
	const onShow = (event: PageTransitionEvent): void => {
		if (event.persisted) delivery.takeBack();
	};
	const release = (): void => {
		removeEventListener('pagehide', onHide);
		removeEventListener('pageshow', onShow);
		whereabouts?.stop();
		capture?.stop();
	};
	addEventListener('pagehide', onHide);
	addEventListener('pageshow', onShow);
	capture = startCapture({
		emit: (event) => delivery.push(event),
		onFault: (error) => {
			console.warn('The recorder stopped after a fault', error);
			delivery.fail('fault');
		}
	});
	return {
		stop: () => {
			release();
			delivery.stop();
		}
	};
}
