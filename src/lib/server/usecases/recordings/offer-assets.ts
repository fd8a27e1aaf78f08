// A recorded page tells which pictures and fonts it shows, by the hashes of their bytes, and hears which of them the client's
// store lacks. What is there already is named at once and never sent again.
import { z } from 'zod';
import type { ImpersonationActor } from '#domain/actor.ts';
import { isAssetName, LEFT_OUT } from '#recorder/format/assets.ts';
import type { Db } from '#server/db/types.ts';
import { findAssets, holdPage, nameAssets } from '#server/recordings/page-assets.ts';

/** A page tells of them little by little, in idle moments. */
const AT_ONCE = 50;

const name = z.string().refine((text) => isAssetName(text) && !text.includes('#'));
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const offeredAssets = z.object({
	taken: z.array(z.object({ name, sha256 })).max(AT_ONCE),
	left: z.array(z.object({ name, why: z.enum(LEFT_OUT) })).max(AT_ONCE)
});
export type OfferedAssets = z.infer<typeof offeredAssets>;

/**
 * @returns hashes that are to be sent. Attack: whether some other client has a file is nobody's business; only this client's are
 * looked at, so a stranger's hash is answered like one that nobody has.
 * @throws AppError `not_allowed`, `too_many`
 */
export const offerAssets =
	({ db }: { db: Db }) =>
	async (actor: ImpersonationActor, { taken, left }: OfferedAssets): Promise<string[]> =>
		db.transaction(async (tx) => {
			const page = await holdPage(tx, actor);
			const hashes = [...new Set(taken.map((one) => one.sha256))];
			const known = await findAssets(tx, page.clientId, hashes);
			await nameAssets(tx, page, [
				...left.map((one) => ({ name: one.name, assetId: null, why: one.why })),
				...taken.flatMap((one) => {
					const assetId = known.get(one.sha256);
					return assetId ? [{ name: one.name, assetId, why: null }] : [];
				})
			]);
			return hashes.filter((hash) => !known.has(hash));
		});
