// What people write at a recording's moments, under its lock: erasing takes it along, and comes before or after, never in between.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { Tx } from '#server/db/types.ts';

/**
 * Attack: a word sent while the recording is erased, which nobody would find, and nothing remove, any more. Asked in a statement of its
 * own: the one that waits for the lock would see what was there before it waited.
 * @throws AppError `conflict` once it was erased
 */
export async function lockNotes(tx: Tx, id: string): Promise<void> {
	await tx.execute(sql`SELECT FROM impersonation WHERE id = ${id} FOR NO KEY UPDATE`);
	const erased = await tx.execute(
		sql`SELECT FROM page WHERE impersonation_id = ${id} AND erased_at IS NOT NULL LIMIT 1`
	);
	if (erased.length > 0)
		throw new AppError('conflict', 'This recording was erased, and nothing is written about it any more.');
}
