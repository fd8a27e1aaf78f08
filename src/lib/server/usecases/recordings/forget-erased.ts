// A recording was erased, by whichever process: this one lets go of what it holds of it, dictionaries and documents alike.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import type { Signal } from '#server/ports/signals.ts';

type Deps = {
	db: Db;
	forget(pageId: string): Promise<void>;
	onError(error: unknown): void;
};

async function forgetPages({ db, forget }: Deps, impersonationId: string): Promise<void> {
	// Rows are asked, never the signal: what is not erased must stay where it is quick to reach.
	const pages = await db.execute<{ id: string }>(
		sql`SELECT id FROM page WHERE impersonation_id = ${impersonationId} AND erased_at IS NOT NULL`
	);
	for (const { id } of pages) await forget(id);
}

/** To be subscribed; never throws. */
export const forgetErased =
	(deps: Deps) =>
	(signal: Signal): void => {
		if (signal.topic !== 'recording.erased') return;
		forgetPages(deps, signal.impersonationId).catch((error: unknown) => deps.onError(error));
	};
