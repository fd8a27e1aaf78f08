// Erases what somebody chose, one recording after the other, each through the gate as whoever asked: a hold that came since keeps that
// one, a right that went since keeps all that are left. Broken off anywhere, the next run goes on.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError, isAppError, type ErrorCode } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { readHead } from '../recordings/read-rows.ts';
import { recordingDeed } from '../review/recording-deed.ts';
import { eraseWithin } from '../retention/erase-recording.ts';
import { findSearches, type FoundSearches } from '../retention/forget-searches.ts';
import { NOT_IN_REVIEW } from '../retention/require-free.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';

type Deps = { act: Act; db: Db };
type Erasure = { id: string; actor: StaffActor };

const FROM_NOWHERE = { ip: null, userAgent: null };

/** No answer about the recording: tried again, with what is left, by the job. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['try_later', 'too_many']);

/** A job goes on with it for as long at least; two at once do no harm, as each recording is locked. */
const LEFT_AFTER_MIN = 30;

const RIGHT_WENT = 'Whoever asked signed out or may not erase any more, so it was kept.';

async function readErasure(db: Db, id: string): Promise<Erasure | null> {
	const [row] = await db.execute<Record<'agency_id' | 'asked_by' | 'session_id', string>>(
		sql`SELECT agency_id, asked_by, session_id FROM erasure WHERE id = ${id} AND ended_at IS NULL`
	);
	if (!row) return null;
	const actor = {
		kind: 'staff',
		agencyId: row.agency_id,
		staffId: row.asked_by,
		sessionId: row.session_id
	} as StaffActor;
	return { id, actor };
}

/** Any of them, so that one that fails again and again does not stand before all others. Null: nothing waits, or somebody stopped it. */
async function nextOf(db: Db, { id }: Erasure): Promise<string | null> {
	const [row] = await db.execute<{ id: string }>(sql`
		SELECT t.impersonation_id AS id FROM erasure e JOIN erasure_item t ON t.erasure_id = e.id
		WHERE e.id = ${id} AND e.ended_at IS NULL AND t.outcome IS NULL ORDER BY random() LIMIT 1`);
	return row?.id ?? null;
}

/**
 * Locks it until the change commits: when stopping it is answered, nothing more of it goes.
 * @returns why, as it is by now: a client that it names may have been erased since it began
 */
async function requireGoing(tx: Tx, id: string): Promise<string> {
	const [going] = await tx.execute<{ reason: string }>(
		sql`SELECT reason FROM erasure WHERE id = ${id} AND ended_at IS NULL FOR SHARE`
	);
	if (!going) throw new AppError('conflict', 'It was stopped.');
	return going.reason;
}

async function mayErase(db: Db, { actor }: Erasure): Promise<boolean> {
	return (await readStaff(db, actor))?.permissions.has('erase') ?? false;
}

/**
 * Attack on the log: signed out after asking, whoever asked would be refused by the gate for each recording that is left, hundreds of rows
 * of evidence about attempts that nobody made. So the program stops it, in one row of its own.
 */
const breakOff = ({ act }: Deps, { id, actor }: Erasure): Promise<void> => {
	const deed = { action: 'recordings.erasure_stopped', subject: { type: 'erasure', id } } as const;
	return ifDifferent(act)({ kind: 'system', agencyId: actor.agencyId }, deed, async (tx) => {
		const ended = await tx.execute(
			sql`UPDATE erasure SET ended_at = clock_timestamp() WHERE id = ${id} AND ended_at IS NULL RETURNING id`
		);
		if (ended.length === 0) throw new Unchanged(undefined);
		const kept = await tx.execute(sql`
			UPDATE erasure_item SET outcome = 'kept', note = ${RIGHT_WENT}
			WHERE erasure_id = ${id} AND outcome IS NULL RETURNING erasure_id`);
		return { value: undefined, details: { reason: RIGHT_WENT, recordings: kept.length } };
	});
};

/** Within the recording's lock. Who asked saw it as free; since then somebody may have asked for a look. */
async function requireReviewed(tx: Tx, id: string): Promise<void> {
	const [free] = await tx.execute(sql`SELECT FROM impersonation i WHERE i.id = ${id} AND ${NOT_IN_REVIEW}`);
	if (!free) throw new AppError('conflict', 'It waits for review.');
}

async function eraseOne(
	{ act, db }: Deps,
	{ id, actor }: Erasure,
	which: string,
	found: FoundSearches
): Promise<void> {
	const head = await readHead(db, actor.agencyId, which);
	await act(actor, recordingDeed(head, 'recording.erased', FROM_NOWHERE), async (tx) => {
		const reason = await requireGoing(tx, id);
		const done = await eraseWithin(tx, actor, { head, reason, found });
		await requireReviewed(tx, which);
		await tx.execute(sql`
			UPDATE erasure_item SET outcome = 'erased' WHERE erasure_id = ${id} AND impersonation_id = ${which}`);
		// Found by it when the list is gone: what was said of many goes with each client it was said of.
		return { ...done, details: { ...done.details, erasure: id } };
	});
}

const keep = (db: Db, { id }: Erasure, which: string, note: string) =>
	db.execute(sql`UPDATE erasure_item SET outcome = 'kept', note = ${note}
		WHERE erasure_id = ${id} AND impersonation_id = ${which} AND outcome IS NULL
			AND EXISTS (SELECT FROM erasure e WHERE e.id = ${id} AND e.ended_at IS NULL)`);

/** @returns whether it went. Of what was kept its row says why. */
async function eraseOrKeep(
	deps: Deps,
	erasure: Erasure,
	which: string,
	found: FoundSearches
): Promise<boolean> {
	try {
		await eraseOne(deps, erasure, which, found);
		return true;
	} catch (error) {
		if (!isAppError(error) || PASSING.has(error.code)) throw error;
		// The right went this moment: that is no answer about this one, and the next look stops them all.
		if (error.code === 'not_allowed' && !(await mayErase(deps.db, erasure))) return false;
		await keep(deps.db, erasure, which, error.message);
		return false;
	}
}

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
			if (!(await mayErase(db, erasure))) await breakOff(deps, erasure);
			else if (await eraseOrKeep(deps, erasure, which, found)) erased += 1;
		await db.execute(
			sql`UPDATE erasure SET ended_at = clock_timestamp() WHERE id = ${id} AND ended_at IS NULL`
		);
		return erased;
	};

/**
 * Goes on with those that no job goes on with. Attack: the queue gives a job up whose process died twice, so whoever can have that happen
 * keeps the rest of an erasure, and nobody is told.
 */
export const carryLeft =
	({ db, carry }: { db: Db; carry(id: string): Promise<number> }) =>
	async (): Promise<void> => {
		const left = await db.execute<{ id: string }>(sql`
			SELECT id FROM erasure WHERE ended_at IS NULL
				AND asked_at < clock_timestamp() - make_interval(mins => ${LEFT_AFTER_MIN}::int) ORDER BY asked_at`);
		const faults: unknown[] = [];
		for (const { id } of left) await carry(id).catch((fault: unknown) => faults.push(fault));
		if (faults.length > 0) throw new AggregateError(faults, `${faults.length} erasures could not go on.`);
	};
