// Delivers, for a page that is gone, what it could not: on its own connection with its own ticket, so that the hub needs
// to believe nothing but that ticket. Short-lived; wipes each hand-over once delivered or refused.
import type { Handover, HandoverStore } from './handover.ts';
import { HANDOVER_TRY_MS } from './limits.ts';
import { Uplink } from './uplink.ts';
import type { OpenWire, Wire } from './wire.ts';

export type DeliverOptions = { store: HandoverStore; openWire: OpenWire; ownPageId: string };

/** Starts the delivery of all hand-overs but the own page's; returns how to stop it. */
export function deliverHandedOver({ store, openWire, ownPageId }: DeliverOptions): () => void {
	const stops: (() => void)[] = [];
	let isStopped = false;
	void store.all().then((all) => {
		for (const handover of all)
			if (!isStopped && handover.pageId !== ownPageId) stops.push(deliverOne(handover, { store, openWire }));
	});
	return () => {
		isStopped = true;
		for (const stop of stops) stop();
	};
}

function deliverOne(handover: Handover, { store, openWire }: Omit<DeliverOptions, 'ownPageId'>): () => void {
	let wire: Wire | null = null;
	const close = (): void => {
		clearTimeout(timer);
		uplink.down();
		wire?.close();
	};
	const wipe = (): void => {
		store.remove(handover.pageId);
		close();
	};
	const uplink = new Uplink({
		wire: () => wire as Wire,
		onProgress: () => {
			if (uplink.unacknowledged.length === 0) wipe();
		},
		// Over, unknown or malformed: nobody will ever take it, and it must not lie about.
		onRefused: wipe
	});
	const timer = setTimeout(close, HANDOVER_TRY_MS);
	const encoder = new TextEncoder();
	handover.batches.forEach((text, index) =>
		uplink.add({ seq: handover.from + index, bytes: encoder.encode(text) })
	);
	wire = openWire(
		{ ticket: handover.ticket, handover: true },
		{
			onReady: ({ got }) => uplink.ready(got),
			onDown: () => uplink.down(),
			onRefused: wipe,
			onState: () => undefined,
			// The hub takes batches for two seconds after the end; the refusal that follows wipes.
			onEnded: () => undefined
		}
	);
	return close;
}
