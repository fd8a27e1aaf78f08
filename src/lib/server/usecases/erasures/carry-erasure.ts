// Erases what somebody chose, one recording after the other, each through the gate as whoever asked: a right that went since, a hold
// that came since, keep the rest. Broken off anywhere, the next run goes on.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError, isAppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { readHead } from '../recordings/read-rows.ts';
import { recordingDeed } from '../review/recording-deed.ts';
import { eraseWithin } from '../retention/erase-recording.ts';
import { findSearches, type FoundSearches } from '../retention/forget-searches.ts';
import { NOT_IN_REVIEW } from '../retention/require-free.ts';

type Deps = { act: Act; db: Db };
type Erasure = { id: string; reason: string; actor: StaffActor };

const FROM_NOWHERE = { ip: null, userAgent: null };

async function readErasure(db: Db, id: string): Promise<Erasure | null> {
	const [row] = await db.execute<
		{ reason: string } & Record<'agency_id' | 'asked_by' | 'session_id', string>
	>(sql`
		SELECT reason, agency_id, asked_by, session_id FROM erasure WHERE id = ${id} AND ended_at IS NULL`);
	if (!row) return null;
	const actor = {
		kind: 'staff',
		agencyId: row.agency_id,
		staffId: row.asked_by,
		sessionId: row.session_id
	} as StaffActor;
	return { id, reason: row.reason, actor };
}

/** Null: nothing waits, or somebody stopped it. */
async function nextOf(db: Db, { id }: Erasure): Promise<string | null> {
	const [row] = await db.execute<{ id: string }>(sql`
		SELECT t.impersonation_id AS id FROM erasure e JOIN erasure_item t ON t.erasure_id = e.id
		WHERE e.id = ${id} AND e.stopped_at IS NULL AND t.outcome IS NULL LIMIT 1`);
	return row?.id ?? null;
}

/** Within the recording's lock. Who asked saw it as free; since then somebody may have asked for a look. */
async function requireReviewed(tx: Tx, id: string): Promise<void> {
	const [free] = await tx.execute(sql`SELECT FROM impersonation i WHERE i.id = ${id} AND ${NOT_IN_REVIEW}`);
	if (!free) throw new AppError('conflict', 'It waits for review.');
}

async function eraseOne(
	{ act, db }: Deps,
	{ id, reason, actor }: Erasure,
	which: string,
	found: FoundSearches
): Promise<void> {
	const head = await readHead(db, actor.agencyId, which);
	await act(actor, recordingDeed(head, 'recording.erased', FROM_NOWHERE), async (tx) => {
		const done = await eraseWithin(tx, actor, { head, reason, found });
		await requireReviewed(tx, which);
		await tx.execute(sql`
			UPDATE erasure_item SET outcome = 'erased' WHERE erasure_id = ${id} AND impersonation_id = ${which}`);
		return done;
	});
}

const keep = (db: Db, { id }: Erasure, which: string, note: string) =>
	db.execute(sql`UPDATE erasure_item SET outcome = 'kept', note = ${note}
		WHERE erasure_id = ${id} AND impersonation_id = ${which} AND outcome IS NULL`);

/** @returns how many were erased by this run */
export const carryErasure =
	(deps: Deps) =>
	async (id: string): Promise<number> => {
		const { db } = deps;
		const erasure = await readErasure(db, id);
		if (!erasure) return 0;
		const waiting = await db.execute<{ id: string }>(
			sql`SELECT impersonation_id AS id FROM erasure_item WHERE erasure_id = ${id} AND outcome IS NULL`
		);
		// Once for all of them: looking through the agency's searches for each would take longer than erasing it.
		const found = await findSearches(db, {
			agencyId: erasure.actor.agencyId,
			impersonationIds: waiting.map((row) => row.id)
		});
		let erased = 0;
		for (let which = await nextOf(db, erasure); which; which = await nextOf(db, erasure))
			try {
				await eraseOne(deps, erasure, which, found);
				erased += 1;
			} catch (error) {
				// What is no answer of ours is tried again, with what is left, by the job.
				if (!isAppError(error)) throw error;
				await keep(db, erasure, which, error.message);
			}
		await db.execute(
			sql`UPDATE erasure SET ended_at = clock_timestamp() WHERE id = ${id} AND ended_at IS NULL`
		);
		return erased;
	};
