// Pictures and fonts of the recorded page, by a part of the recorder that is loaded behind it: nobody waits for them.
import type { AssetsOf, CollectedAssets } from '#recorder/collect-assets.ts';

/** Whatever comes before it is loaded is seen by it all the same. */
export function collectPictures(page: AssetsOf): CollectedAssets {
	const loaded = import('#recorder/collect-assets.ts').then(
		({ collectAssets }) => collectAssets('/recorded-assets', page),
		(error: unknown) => {
			console.warn('Pictures of this page are not kept', error);
			return null;
		}
	);
	return {
		see: (event) => void loaded.then((assets) => assets?.see(event)),
		stop: () => void loaded.then((assets) => assets?.stop())
	};
}
