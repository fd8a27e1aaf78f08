// What is held for a court, an insurer or an inquiry is erased by nobody: not by hand, not with its client, not by its age.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { Tx } from '#server/db/types.ts';

/** A recording `i` that is not held. */
export const NOT_HELD = sql`NOT EXISTS (SELECT FROM recording_hold h WHERE h.impersonation_id = i.id)`;

/** The recordings' rows are locked by now: no hold comes in between. @throws AppError `conflict` */
export async function requireFree(tx: Tx, recordings: readonly string[]): Promise<void> {
	const held = await tx.execute<{ reason: string; by: string }>(sql`
		SELECT h.reason, s.name AS by FROM recording_hold h JOIN staff s ON s.id = h.held_by
		WHERE h.impersonation_id::text IN (SELECT jsonb_array_elements_text(${JSON.stringify(recordings)}::text::jsonb)) LIMIT 1`);
	const [hold] = held;
	if (hold)
		throw new AppError(
			'conflict',
			`Nothing was erased: ${hold.by} put ${recordings.length === 1 ? 'it' : 'a recording of it'} on hold (${hold.reason}). Release the hold first.`
		);
}
