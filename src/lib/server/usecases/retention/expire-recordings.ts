// Removes recordings past their retention. Views and the action log stay: they prove what happened without pictures.
import { sql } from 'drizzle-orm';
import type { Signal } from '#server/ports/signals.ts';
import { forgetSearches } from './forget-searches.ts';
import { destroyKey, erasedSignal, removeErased, type EraseDeps } from './erase-recordings.ts';
import { NOT_HELD } from './require-free.ts';

/** Recordings one run takes up; the next run goes on. */
const RUN = 1_000;

/** @returns how many pages lost their recording now */
export const expireRecordings = (deps: EraseDeps & { days: number; publish(signal: Signal): Promise<void> }) => {
	const remove = removeErased(deps);
	return async (): Promise<number> => {
		const due = await deps.db.execute<{ id: string; agency_id: string }>(sql`
			SELECT i.id, i.agency_id FROM impersonation i
			WHERE i.state = 'ended' AND i.ended_at < now() - make_interval(days => ${deps.days}::int) AND ${NOT_HELD}
				AND EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NULL) LIMIT ${RUN}`);
		for (const { id, agency_id: agencyId } of due) {
			await deps.db.transaction(async (tx) => {
				// Held since: it stays.
				const free = await tx.execute(
					sql`SELECT FROM impersonation i WHERE i.id = ${id} AND ${NOT_HELD} FOR NO KEY UPDATE`
				);
				if (free.length === 0) return;
				await forgetSearches(tx, { agencyId, impersonationIds: [id] });
				await destroyKey(tx, id);
			});
			await deps.publish(erasedSignal(agencyId, id).signal);
		}
		return remove();
	};
};
