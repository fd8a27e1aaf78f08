// One picture or font of a recorded page, for the player's frame. What was opened, and by whom, is logged with the replay or the
// watching; here it is only asked whether that person still may.
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AssetType } from '#recorder/format/asset-header.ts';
import { isAssetName } from '#recorder/format/assets.ts';
import type { Db } from '#server/db/types.ts';
import { openAsset } from '#server/recordings/asset-object.ts';
import type { BlockStore } from '#server/recordings/block-store.ts';
import { readNamed, type StoredAsset } from '#server/recordings/page-assets.ts';
import { agencyKey, unwrapKey } from '#server/recordings/recording-keys.ts';
import type { AssetGrant, AssetGrants } from '#server/sign-in/asset-grant.ts';
import { requireId, requirePermission } from './require-permission.ts';
import { requireWatchable } from './require-watchable.ts';

type Deps = {
	db: Db;
	store: BlockStore;
	master: Uint8Array;
	grants: AssetGrants;
	/** Resolves after so many milliseconds. */
	wait(ms: number): Promise<unknown>;
};

export type AssetInput = { grant: string; pageId: string; name: string; mayWait: boolean };

export type Asset = { type: AssetType; file: Uint8Array };

/** A page that is watched as it opens has not sent its pictures yet: it does within seconds, in an idle moment. */
const WAIT_STEPS_MS = [250, 500, 750, 1_000, 1_500];

/** What a staff member's frame needs to load pictures of this recording. */
export const grantAssets =
	(grants: AssetGrants) =>
	(actor: StaffActor, input: { impersonationId: string; right: AssetGrant['right'] }): string =>
		grants.mint({
			agencyId: actor.agencyId,
			impersonationId: input.impersonationId,
			staffId: actor.staffId,
			sessionId: actor.sessionId,
			right: input.right
		});

async function open({ store, master }: Deps, agencyId: string, asset: StoredAsset): Promise<Asset> {
	const key = unwrapKey(agencyKey(master, agencyId, 'recording'), asset.wrapped, asset.id);
	const { header, file } = openAsset(await store.get(asset.blobKey), key);
	// Attack: an object put under another's key, both sealed by us, would show one client's picture to another's reviewer.
	if (header.agencyId !== agencyId || Buffer.from(header.hash).toString('hex') !== asset.hash)
		throw new AppError('not_found', 'This picture is damaged and cannot be shown.');
	return { type: header.type, file };
}

/**
 * The file, or null where the page did not take it, or nothing is known of it.
 * @throws AppError `not_allowed` without a grant that still holds; `impersonation_over` for who watched when it ended a while ago;
 * `not_found` when it is damaged
 */
export const readAsset =
	(deps: Deps) =>
	async ({ grant: text, pageId, name, mayWait }: AssetInput): Promise<Asset | null> => {
		const grant = deps.grants.verify(text);
		if (!grant) throw new AppError('not_allowed', 'Open the recording again to see its pictures.');
		const { agencyId, impersonationId, staffId, sessionId, right } = grant;
		await requirePermission(deps.db, { kind: 'staff', agencyId, staffId, sessionId }, right);
		if (right === 'observe') await requireWatchable(deps.db, grant);
		if (!isAssetName(name)) return null;
		const which = { agencyId, impersonationId, pageId: requireId(pageId), name };
		let named = await readNamed(deps.db, which);
		// Only of a watched page: of one that is replayed all has come.
		const steps = mayWait && right === 'observe' ? WAIT_STEPS_MS : [];
		for (const ms of steps) {
			if (named) break;
			await deps.wait(ms);
			named = await readNamed(deps.db, which);
		}
		return named?.asset ? await open(deps, agencyId, named.asset) : null;
	};
