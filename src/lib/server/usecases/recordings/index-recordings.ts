// Puts what was sealed into the index over what was seen, the latest pages first: what is fresh is searched for sooner than what is
// left of an older release.
import { sql } from 'drizzle-orm';
import { indexPage, type IndexDeps } from './index-page.ts';

/** Pages of one run; the next one comes soon. */
const AT_ONCE = 500;

/**
 * A page that fails does not keep the others and is tried again by the next run. One run at a time in a process.
 * @returns how many blocks were read
 */
export const indexRecordings = (deps: IndexDeps & { onError(error: unknown, pageId: string): void }) => {
	let isRunning = false;
	const run = async (): Promise<number> => {
		const pages = await deps.db.execute<{ id: string }>(sql`
			SELECT id FROM page WHERE indexed_seq < sealed_seq AND erased_at IS NULL ORDER BY opened_at DESC LIMIT ${AT_ONCE}`);
		let count = 0;
		for (const { id } of pages)
			count += await indexPage(deps, id).catch((error: unknown) => {
				deps.onError(error, id);
				return 0;
			});
		return count;
	};
	return async (): Promise<number> => {
		if (isRunning) return 0;
		isRunning = true;
		try {
			return await run();
		} finally {
			isRunning = false;
		}
	};
};

/** How many pages are not in the index as far as they are sealed, counted up to `max`. */
export const countToIndex =
	({ db }: Pick<IndexDeps, 'db'>, max = 10_000) =>
	async (): Promise<number> => {
		const [row] = await db.execute<{ n: number }>(sql`
			SELECT count(*)::int AS n FROM (
				SELECT FROM page WHERE indexed_seq < sealed_seq AND erased_at IS NULL LIMIT ${max}) AS waiting`);
		return row?.n ?? 0;
	};
