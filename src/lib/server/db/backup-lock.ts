// While a backup runs nothing that its snapshot names may be removed by a job that only tidies up: those jobs skip their run.
// Erasing goes on: nobody waits for a backup to have their data destroyed.
import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import type { Db } from './types.ts';

const LOCK = 'switchback.backup';

/**
 * Held until it is let go or the connection ends. Waits for tidying that is under way, and for another backup.
 * @returns lets it go
 */
export async function holdForBackup(owner: postgres.Sql): Promise<() => Promise<void>> {
	const connection = await owner.reserve();
	try {
		await connection`SELECT pg_advisory_lock(hashtext(${LOCK}))`;
	} catch (error) {
		connection.release();
		throw error;
	}
	return async () => {
		await connection`SELECT pg_advisory_unlock(hashtext(${LOCK}))`.catch(() => {
			// The connection is gone, and with it the lock.
		});
		connection.release();
	};
}

/** Does the work unless a backup runs or waits; several may do theirs at once. @returns what `work` does, or null when it was skipped */
export const unlessBackup = <T>(db: Db, work: () => Promise<T>): Promise<T | null> =>
	db.transaction(async (tx) => {
		// It only holds the lock while files are removed, which may take longer than a forgotten transaction is left open.
		await tx.execute(sql`SET LOCAL idle_in_transaction_session_timeout = 0`);
		const [row] = await tx.execute<{ is_free: boolean }>(
			sql`SELECT pg_try_advisory_xact_lock_shared(hashtext(${LOCK})) AS is_free`
		);
		return row?.is_free ? work() : null;
	});
