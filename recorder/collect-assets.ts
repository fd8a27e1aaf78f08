// Ties what finds pictures and fonts of the recorded page to what brings them to the server.
import { AssetCollector } from './capture/asset-collector.ts';
import type { Capture } from './capture/capture.ts';
import { AssetCourier } from './delivery/asset-courier.ts';
import type { RecordedEvent } from './format/events.ts';
import type { PageMasking } from '#protocol/masking.ts';

type Collecting = {
	/** Where they are brought to. */
	assetsAt?: string | undefined;
	masking: PageMasking;
	capture(): Capture | null;
};

/** Null where they have nowhere to go, and in a page that may not hash: it is of no safe origin. */
export function collectAssets({ assetsAt, masking, capture }: Collecting): {
	see(event: RecordedEvent): void;
	stop(): void;
} | null {
	if (assetsAt === undefined || !globalThis.crypto?.subtle) return null;
	const courier = new AssetCourier({ address: assetsAt });
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
