// What is held for a court, an insurer or an inquiry is erased by nobody: not by hand, not with its client, not by its age. A recording
// is held by itself or with its client.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { wasInside } from '#server/db/insiders.ts';
import type { Tx } from '#server/db/types.ts';

/** A recording `i` that is not held. */
export const NOT_HELD = sql`NOT EXISTS (SELECT FROM recording_hold h WHERE h.impersonation_id = i.id)
	AND NOT EXISTS (SELECT FROM client_hold h WHERE h.client_id = i.client_id)`;

/** A recording `i` that nobody has still to look over. Attack: who did harm inside waits, or sees to it, that its days are over first. */
export const NOT_IN_REVIEW = sql`NOT EXISTS (SELECT FROM review r WHERE r.impersonation_id = i.id AND r.is_queued AND r.verdict IS NULL)`;

/** So long beyond its days a recording waits for a verdict; personal data is kept for no longer, whoever is slow. */
const REVIEW_DAYS = 30;

/** The same of a recording that is kept for `days`: past the last of them nothing is waited for. */
export const notForReview = (days: SQL): SQL =>
	sql`(${NOT_IN_REVIEW} OR i.ended_at < now() - make_interval(days => ${days} + ${REVIEW_DAYS}::int))`;

/**
 * Locks a recording against holds, in the order of the house: its key, its client, itself. To be called before anybody asks what is held,
 * and that in a statement of its own. Attack: a hold that commits while one statement both asks and waits for the lock; PostgreSQL
 * looks again at the row it waited for, never at other tables, and what is held goes.
 */
export async function lockToErase(tx: Tx, { id, clientId }: { id: string; clientId: string }): Promise<void> {
	await tx.execute(sql`SELECT FROM recording_key WHERE impersonation_id = ${id} FOR UPDATE`);
	// Holding a client, and changing its days, locks it for update.
	await tx.execute(sql`SELECT FROM client WHERE id = ${clientId} FOR SHARE`);
	// Never FOR UPDATE: sealing holds the key while it inserts rows that name the impersonation.
	await tx.execute(sql`SELECT FROM impersonation WHERE id = ${id} FOR NO KEY UPDATE`);
}

/** Days within which what goes counts as going by this change: nobody needs longer to look something over. */
const SOON_DAYS = 7;

/**
 * Attack: who did harm inside, in an impersonation of their own or by control of one, gives recordings fewer days, or lets go of the
 * client that keeps them, and the pictures of it go by themselves. `which` is SQL over recording `i` of client `c`.
 * @throws AppError `not_allowed`
 */
export async function requireNoneOwn(
	tx: Tx,
	actor: StaffActor,
	{ which, days, what }: { which: SQL; days: SQL; what: string }
): Promise<void> {
	const own = await tx.execute(sql`
		SELECT FROM impersonation i JOIN client c ON c.id = i.client_id JOIN agency a ON a.id = c.agency_id
		WHERE i.agency_id = ${actor.agencyId} AND i.state = 'ended' AND i.erased_at IS NULL AND ${wasInside(actor.staffId)} AND ${which}
			AND i.ended_at < now() + make_interval(days => ${SOON_DAYS}::int) - make_interval(days => ${days})
			AND EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NULL) LIMIT 1`);
	if (own.length > 0)
		throw new AppError(
			'not_allowed',
			`Recordings of sessions that you were inside would be removed by that within ${SOON_DAYS} days, so somebody else must ${what}.`
		);
}

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
