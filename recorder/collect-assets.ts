// Ties what finds pictures and fonts of the recorded page to what brings them to the server. A door of its own, loaded behind the
// recorder: it is a twentieth of its size, and the page is recorded without it.
import { AssetCollector } from './capture/asset-collector.ts';
import type { Capture } from './capture/capture.ts';
import { AssetCourier } from './delivery/asset-courier.ts';
import type { RecordedEvent } from './format/events.ts';
import type { PageMasking } from '#protocol/masking.ts';

export type AssetsOf = { masking: PageMasking; capture(): Capture | null };

export type CollectedAssets = { see(event: RecordedEvent): void; stop(): void };

/** `address`: where they are brought to. Null in a page that may not hash: it is of no safe origin. */
export function collectAssets(address: string, { masking, capture }: AssetsOf): CollectedAssets | null {
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
