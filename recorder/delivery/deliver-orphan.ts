// One attempt to deliver the batches of a page that is gone: on a connection of its own with that page's ticket, so that
// the hub needs to believe nothing but the ticket. Short-lived; what becomes of the copies is its caller's.
import { HANDOVER_TRY_MS } from './limits.ts';
import { Uplink, type Batch } from './uplink.ts';
import type { OpenWire, Wire } from './wire.ts';

export type Orphan = { ticket: string; batches: readonly Batch[]; openWire: OpenWire };

/** `got`: the hub has them all, but not for good yet. `refused`: nobody will ever take them. */
export type OrphanOutcome = 'safe' | 'got' | 'refused' | 'stopped';

/** Starts delivering; `done` resolves once, `stop` ends it early. */
export function deliverOrphan({ ticket, batches, openWire }: Orphan): {
	done: Promise<OrphanOutcome>;
	stop(): void;
} {
	let wire: Wire | null = null;
	let finish: (outcome: OrphanOutcome) => void = () => undefined;
	const done = new Promise<OrphanOutcome>((resolve) => {
		finish = (outcome) => {
			clearTimeout(timer);
			uplink.down();
			wire?.close();
			resolve(outcome);
		};
	});
	const stop = (): void => finish('stopped');
	const refused = (): void => finish('refused');
	const uplink = new Uplink({
		wire: () => wire as Wire,
		onProgress: () => {
			if (uplink.unsafe.length === 0) finish('safe');
			else if (!uplink.isWaiting) finish('got');
		},
		onRefused: refused,
		// The page is gone and makes no new picture; the marks in place of what is lost say so.
		onFilled: () => undefined
	});
	const timer = setTimeout(stop, HANDOVER_TRY_MS);
	for (const batch of batches) uplink.add(batch);
	wire = openWire(
		{ ticket, handover: true },
		{
			onReady: (ready) => uplink.ready(ready, 0),
			onSafe: (safe) => uplink.keepAbove(safe),
			onDown: () => uplink.down(),
			onRefused: refused,
			onState: () => undefined,
			// The hub takes batches for two seconds after the end; the refusal that follows wipes.
			onEnded: () => undefined,
			onSnapshotWanted: () => undefined,
			onBeat: () => undefined
		}
	);
	return { done, stop };
}
