// Pictures and fonts of a recording for an evidence pack: each file once, and which page calls it by which name.
import { sql } from 'drizzle-orm';
import type { AssetType } from '#recorder/format/asset-header.ts';
import type { Db } from '#server/db/types.ts';
import { openAsset } from '#server/recordings/asset-object.ts';
import type { BlockStore } from '#server/recordings/block-store.ts';
import { agencyKey, unwrapKey } from '#server/recordings/recording-keys.ts';
import type { Whose } from './read-proof.ts';

export type PictureDeps = {
	db: Db;
	store: BlockStore;
	/** What the keys of pictures hang on. */
	master: Uint8Array;
};

/** `at`: the pages that show it, and by which name. */
export type Picture = { type: AssetType; file: Uint8Array; at: { pageId: string; name: string }[] };

type Row = { id: string; blob_key: string; wrapped: Buffer; at: Picture['at'] };

/** One after the other. One that does not open is left out, as a picture that was never taken: the player draws a crossed box. */
export async function* readPictures(
	deps: PictureDeps,
	{ agencyId, impersonationId }: Whose
): AsyncGenerator<Picture> {
	const rows = await deps.db.execute<Row>(sql`
		SELECT a.id, a.blob_key, a.wrapped, jsonb_agg(jsonb_build_object('pageId', x.page_id, 'name', x.name)
			ORDER BY x.page_id, x.name) AS at
		FROM page g JOIN page_asset x ON x.page_id = g.id JOIN asset a ON a.id = x.asset_id
		WHERE g.impersonation_id = ${impersonationId} AND g.agency_id = ${agencyId} AND g.erased_at IS NULL
		GROUP BY a.id ORDER BY a.id`);
	for (const { id, blob_key: blobKey, wrapped, at } of rows) {
		const opened = await open(deps, { agencyId, id, blobKey, wrapped });
		if (opened) yield { ...opened, at };
	}
}

async function open(
	{ store, master }: PictureDeps,
	{ agencyId, id, blobKey, wrapped }: { agencyId: string; id: string; blobKey: string; wrapped: Buffer }
): Promise<Pick<Picture, 'type' | 'file'> | null> {
	try {
		const key = unwrapKey(agencyKey(master, agencyId, 'recording'), wrapped, id);
		const { header, file } = openAsset(await store.get(blobKey), key);
		return header.agencyId === agencyId ? { type: header.type, file } : null;
	} catch {
		// Damaged or gone: what it was shows in the recording as what it is, a picture that is not there.
		return null;
	}
}
