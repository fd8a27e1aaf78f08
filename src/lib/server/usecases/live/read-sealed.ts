// How far a page is sealed, for the hub, which tells the page what it need not keep any more [R13], and whether its newest
// block begins without knowing what the page shows [R15].
import { sql } from 'drizzle-orm';
import type { SystemActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';

/** `seq`: highest number in a sealed block, -1 before the first. */
export type Sealed = { seq: number; isUnsure: boolean };

/** Null where the agency has no such page. */
export const readSealed =
	({ db }: { db: Db }) =>
	async ({ agencyId }: SystemActor, { pageId }: { pageId: string }): Promise<Sealed | null> => {
		const [row] = await db.execute<Sealed>(sql`
			SELECT g.sealed_seq AS seq, COALESCE((SELECT b.checkpoint FROM block b WHERE b.page_id = g.id
				ORDER BY b.first_seq DESC LIMIT 1) IN ('unsure', 'hole'), false) AS "isUnsure"
			FROM page g WHERE g.id = ${pageId} AND g.agency_id = ${agencyId} AND g.erased_at IS NULL`);
		return row ?? null;
	};
