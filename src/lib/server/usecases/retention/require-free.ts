// What is held for a court, an insurer or an inquiry is erased by nobody: not by hand, not with its client, not by its age. A recording
// is held by itself or with its client.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { Tx } from '#server/db/types.ts';

/** A recording `i` that is not held. */
export const NOT_HELD = sql`NOT EXISTS (SELECT FROM recording_hold h WHERE h.impersonation_id = i.id)
	AND NOT EXISTS (SELECT FROM client_hold h WHERE h.client_id = i.client_id)`;

type Hold = { reason: string; by: string };

/** The recordings' rows are locked by now: no hold comes in between. @throws AppError `conflict` */
export async function requireFree(tx: Tx, recordings: readonly string[]): Promise<void> {
	const ids = sql`(SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(recordings)}::text::jsonb))`;
	const held = await tx.execute<Hold & { is_client: boolean }>(sql`
		SELECT h.reason, s.name AS by, false AS is_client FROM recording_hold h JOIN staff s ON s.id = h.held_by
		WHERE h.impersonation_id IN ${ids}
		UNION ALL SELECT h.reason, s.name, true FROM client_hold h JOIN staff s ON s.id = h.held_by
		WHERE h.client_id IN (SELECT client_id FROM impersonation WHERE id IN ${ids}) LIMIT 1`);
	const [hold] = held;
	if (!hold) return;
	const one = recordings.length === 1 ? 'it' : 'a recording of it';
	const what = hold.is_client ? 'its client' : one;
	throw new AppError(
		'conflict',
		`Nothing was erased: ${hold.by} put ${what} on hold (${hold.reason}). Release the hold first.`
	);
}

/** The client's row is locked by now. @throws AppError `conflict` */
export async function requireClientFree(tx: Tx, clientId: string): Promise<void> {
	const [hold] = await tx.execute<Hold>(sql`
		SELECT h.reason, s.name AS by FROM client_hold h JOIN staff s ON s.id = h.held_by WHERE h.client_id = ${clientId}`);
	if (hold)
		throw new AppError(
			'conflict',
			`Nothing was erased: ${hold.by} put the client on hold (${hold.reason}). Release the hold first.`
		);
}
