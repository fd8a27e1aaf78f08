// What is loaded behind the recorder, by a door of its own, since the page is recorded without it: what finds pictures and fonts of the
// page and brings them to the server, and what notices that something goes wrong in it.
import { AssetCollector } from './capture/asset-collector.ts';
import type { Capture } from './capture/capture.ts';
import { watchFaults } from './capture/watch-faults.ts';
import { AssetCourier } from './delivery/asset-courier.ts';
import { EVENT, type RecordedEvent } from './format/events.ts';
import { FAULT_TAG } from './format/page-fault.ts';
import { HUB_PATH } from '#protocol/limits.ts';
import type { PageMasking } from '#protocol/masking.ts';

export type AssetsOf = { masking: PageMasking; capture(): Capture | null };

export type CollectedAssets = { see(event: RecordedEvent): void; stop(): void };

/** `address`: where files are brought to. */
export function collectAssets(address: string, page: AssetsOf): CollectedAssets {
	const files = openFiles(address, page);
	let stopFaults: (() => void) | null = null;
	return {
		see: (event) => {
			files?.see(event);
			// Not before there is a picture: the recorder takes no marks until then.
			if (event.type === EVENT.fullSnapshot) stopFaults ??= openFaults(address, page);
		},
		stop: () => {
			stopFaults?.();
			files?.stop();
		}
	};
}

/** Null in a page that may not hash: it is of no safe origin. */
function openFiles(address: string, { masking, capture }: AssetsOf): CollectedAssets | null {
	if (!globalThis.crypto?.subtle) return null;
	const courier = new AssetCourier({ address });
	const collector = new AssetCollector({
		nodeOf: (id) => capture()?.nodeOf(id) ?? null,
		isShown: (node) => capture()?.isShown(node) === true,
		takesStylePictures: masking.profile !== 'text',
		onTaken: (name, bytes) => void courier.take(name, bytes),
		onLeft: (name, why) => courier.leave(name, why)
	});
	return {
		see: (event) => collector.see(event),
		stop: () => {
			collector.stop();
			courier.stop();
		}
	};
}

const openFaults = (address: string, { masking, capture }: AssetsOf): (() => void) =>
	watchFaults({
		profile: masking.profile,
		emit: (fault) => capture()?.mark(FAULT_TAG, fault),
		addressOf: (url) => capture()?.addressOf(url) ?? '',
		// What may be said of the page beside its events is masked as its title is.
		textOf: (text) => capture()?.titleOf(text) ?? '',
		isShown: (node) => capture()?.isShown(node) === true,
		isOwn: (path) => path.startsWith(address) || path.startsWith(HUB_PATH)
	});
