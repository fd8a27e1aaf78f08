// Brings the queue's own tables up to date, as the owner: the application's role may not create anything.
import { runMigrations } from 'bullmq';
import type { Sql } from 'postgres';
import { APP_ROLE } from '../db/open-database.ts';
import { JOBS_SCHEMA } from './queue-backend.ts';

/** As in db/migrate: processes that start at once run these one after the other. */
const LOCK = 7_294_802;

/** Runs BullMQ's migrations over our own driver; nothing happens when they were run already. */
export async function migrateJobs(owner: Sql): Promise<void> {
	// One connection: the library opens a transaction on it and closes it itself.
	const connection = await owner.reserve();
	try {
		const query = async (text: string, values: unknown[] = []) => {
			const rows = await connection.unsafe(text, values as never[]);
			return { rows, rowCount: rows.count };
		};
		await connection`SELECT pg_advisory_lock(${LOCK})`;
		await runMigrations({ query } as never, JOBS_SCHEMA);
		await connection.unsafe(`
			-- CREATE: the queue makes a sequence for each queue name when it is first used.
			GRANT USAGE, CREATE ON SCHEMA ${JOBS_SCHEMA} TO ${APP_ROLE};
			GRANT ALL ON ALL TABLES IN SCHEMA ${JOBS_SCHEMA} TO ${APP_ROLE};
			GRANT ALL ON ALL SEQUENCES IN SCHEMA ${JOBS_SCHEMA} TO ${APP_ROLE}`);
	} finally {
		await connection`SELECT pg_advisory_unlock_all()`.catch(() => {
			// The connection is gone, and with it the lock.
		});
		connection.release();
	}
}
