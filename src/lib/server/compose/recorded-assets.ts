// Use cases of pictures and fonts of recorded pages: taken from the portal, shown on the replay host.
import { setTimeout as delay } from 'node:timers/promises';
import type { BlockStore } from '../recordings/block-store.ts';
import { createAssetGrants } from '../sign-in/asset-grant.ts';
import { keepAsset } from '../usecases/recordings/keep-asset.ts';
import { offerAssets } from '../usecases/recordings/offer-assets.ts';
import { grantAssets, readAsset } from '../usecases/recordings/read-asset.ts';
import type { Parts } from './parts.ts';

export function composeRecordedAssets(parts: Parts, store: BlockStore) {
	const { db, ids, clock, masterKey: master, secret } = parts;
	const grants = createAssetGrants(secret, () => clock.now());
	return {
		offerAssets: offerAssets({ db }),
		keepAsset: keepAsset({ db, store, ids, master }),
		grantAssets: grantAssets(grants),
		readAsset: readAsset({ db, store, master, grants, wait: (ms) => delay(ms) })
	};
}
