// Finds what no other call has sealed: pages of ended impersonations, pages whose hub died, pages on which little happens.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import { sealPage } from './seal-page.ts';
import type { SealDeps } from './seal-deps.ts';

/** What waits longer than this is sealed whether it fills a block or not. */
const REST_AFTER_MS = 60_000;

/** Ids asked about at once. */
const AT_ONCE = 200;

type Found = { pageId: string; got: number };

/** Of these pages, those with something to do. */
async function dueOf(db: Db, found: readonly Found[]): Promise<string[]> {
	const rows = await db.execute<{ id: string }>(sql`
		SELECT g.id FROM jsonb_to_recordset(${JSON.stringify(found)}::text::jsonb) AS f("pageId" uuid, got integer)
		JOIN page g ON g.id = f."pageId" JOIN impersonation i ON i.id = g.impersonation_id
		WHERE g.erased_at IS NULL AND (f.got > g.sealed_seq OR i.state = 'ended')`);
	return rows.map(({ id }) => id);
}

/** Pages whose impersonation has just ended: what was trimmed of them is in no list of the log any more. */
async function justOver(db: Db): Promise<string[]> {
	const rows = await db.execute<{ id: string }>(sql`
		SELECT g.id FROM page g JOIN impersonation i ON i.id = g.impersonation_id
		WHERE i.state = 'ended' AND i.ended_at > now() - interval '10 minutes' AND g.erased_at IS NULL`);
	return rows.map(({ id }) => id);
}

async function* due({ db, liveLog }: SealDeps): AsyncGenerator<string> {
	const seen = new Set<string>();
	const fresh = (ids: readonly string[]) => ids.filter((id) => !seen.has(id) && seen.add(id));
	let found: Found[] = [];
	for await (const { pageId, got } of liveLog.pages()) {
		found.push({ pageId, got });
		if (found.length < AT_ONCE) continue;
		yield* fresh(await dueOf(db, found));
		found = [];
	}
	if (found.length > 0) yield* fresh(await dueOf(db, found));
	yield* fresh(await justOver(db));
}

/**
 * Seals every page that waits. One that fails does not keep the others; it is tried again by the next run.
 * @returns how many pages were looked at
 */
export const sealLeft = (deps: SealDeps & { onError(error: unknown, pageId: string): void }) => {
	const seal = sealPage(deps);
	return async (): Promise<number> => {
		let count = 0;
		for await (const pageId of due(deps)) {
			await seal(pageId, { restAfterMs: REST_AFTER_MS }).catch((error: unknown) =>
				deps.onError(error, pageId)
			);
			count += 1;
		}
		return count;
	};
};
