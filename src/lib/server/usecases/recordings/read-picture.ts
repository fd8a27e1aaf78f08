// What a running page shows now, for a watcher who comes late: one checkpoint instead of all that happened. Made from the last
// block and what follows it, so that an hour costs no more than a minute, and the recorded page is asked for nothing. Who
// may see it is the hub's to know.
import type { SystemActor } from '#domain/actor.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import type { Picture } from '#server/recordings/page-picture.ts';
import { readPageState } from '#server/recordings/page-to-seal.ts';
import { beginPage } from './begin-page.ts';
import type { SealDeps } from './seal-deps.ts';

/** Null where there is no such page. */
export type PagePicture = Picture | null;

/**
 * The page after its last batch; null where the agency has no such page.
 * @throws AppError `try_later` when a store or the sealing process fails
 */
export const readPicture =
	(deps: Pick<SealDeps, 'db' | 'liveLog' | 'sealer' | 'store' | 'keys'>) =>
	({ agencyId }: SystemActor, { pageId }: { pageId: string }): Promise<PagePicture> =>
		deps.sealer.withPage(pageId, async () => {
			const page = await readPageState(deps.db, pageId);
			if (page?.agencyId !== agencyId) return null;
			await beginPage(deps, page);
			const batches: FramedBatch[] = [];
			for await (const { seq, receivedAt, offsetMs, bytes } of deps.liveLog.read(pageId, page.sealedSeq + 1))
				batches.push({ seq, receivedAt, offsetMs, bytes: new Uint8Array(bytes) });
			return deps.sealer.ask('picture', { pageId, batches });
		});
