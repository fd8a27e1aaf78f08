// How far a page is sealed, for the hub, which tells the page what it need not keep any more [R13].
import { sql } from 'drizzle-orm';
import type { SystemActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';

/** Highest number in a sealed block, -1 before the first; null where the agency has no such page. */
export const readSealed =
	({ db }: { db: Db }) =>
	async ({ agencyId }: SystemActor, { pageId }: { pageId: string }): Promise<number | null> => {
		const [row] = await db.execute<{ sealed: number }>(sql`
			SELECT sealed_seq AS sealed FROM page WHERE id = ${pageId} AND agency_id = ${agencyId} AND erased_at IS NULL`);
		return row?.sealed ?? null;
	};
