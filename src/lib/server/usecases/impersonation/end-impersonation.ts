// The one way an impersonation ends, whoever ends it. Calling it twice is the same as once.
import { sql } from 'drizzle-orm';
import type { Actor, ImpersonationActor, StaffActor, SystemActor } from '#domain/actor.ts';
import { AppError, isAppError } from '#domain/errors.ts';
import type { EndReason } from '#domain/impersonation.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId, StaffId } from '#domain/ids.ts';
import type { Act, Done } from '#server/db/act.ts';
import { chainTime } from '#server/db/chain.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { mailJobs, releaseHeld } from '../receipt/held-mails.ts';

type Account = {
	agency_id: AgencyId;
	client_id: ClientId;
	contact_id: ContactId;
	staff_id: StaffId;
	state: 'pending' | 'active' | 'ended';
};

export type EndRequest = { impersonationId: ImpersonationId; reason: EndReason };

async function account(db: Db, id: ImpersonationId): Promise<Account | undefined> {
	const [row] = await db.execute<Account>(
		sql`SELECT agency_id, client_id, contact_id, staff_id, state FROM impersonation WHERE id = ${id}`
	);
	return row;
}

/** Own ones from either host, or a supervisor of the same agency; anyone else learns only that there is none. */
async function requireEnder(tx: Tx, actor: Actor, row: Account, reason: EndReason): Promise<void> {
	if (actor.agencyId !== row.agency_id) throw new AppError('not_found', 'There is no such impersonation.');
	if (actor.kind === 'system') return;
	if (actor.kind === 'client') throw new AppError('not_allowed', 'Only staff can do this.');
	if (actor.kind === 'impersonation' || actor.staffId === row.staff_id) {
		// Attack: whoever may supervise, too, ends their own frozen session as a supervisor, and the next one begins without the freeze.
		if (reason === 'supervisor')
			throw new AppError('not_allowed', 'Nobody supervises their own impersonation.');
		return;
	}
	const staff = await readStaff(tx, actor);
	if (!staff?.permissions.has('supervise'))
		throw new AppError('not_allowed', 'Your role does not include ending other people’s impersonations.');
}

/** What the end row proves: how much was looked at, and a hash over every view. */
async function summary(
	tx: Tx,
	id: ImpersonationId
): Promise<{ views: number; viewsHash: string | null; actions: number }> {
	const [row] = await tx.execute<{ views: number; views_hash: string | null; actions: number }>(sql`
		SELECT (SELECT count(*)::int FROM action WHERE impersonation_id = ${id}) AS actions, count(*)::int AS views,
			encode(sha256(convert_to(string_agg(concat_ws('|', v.id, ${chainTime('v.at')}, v.kind, v.address, v.subject_type, v.subject_id,
				v.status), E'\n' ORDER BY v.at, v.id), 'UTF8')), 'hex') AS views_hash
		FROM view v WHERE v.impersonation_id = ${id}`);
	return { views: row?.views ?? 0, viewsHash: row?.views_hash ?? null, actions: row?.actions ?? 0 };
}

const ALREADY = new AppError('conflict', 'It has ended already.');

/** Whether this only says that there was nothing left to end. */
export const isAlreadyOver = (error: unknown): boolean => isAppError(error) && error === ALREADY;

type Ending = EndRequest & {
	agencyId: AgencyId;
	/** Null where no staff member ended it. */
	endedBy: StaffId | null;
};

/**
 * The end itself, within the change of whoever was found to have the right to it.
 * @throws AppError for which `isAlreadyOver` holds
 */
export async function closeImpersonation(
	tx: Tx,
	{ impersonationId, reason, agencyId, endedBy }: Ending
): Promise<Done<true>> {
	// Views are written under a share lock of this row: after this update not one more can come.
	const ended = await tx.execute(sql`
		UPDATE impersonation SET state = 'ended', ended_at = clock_timestamp(), end_reason = ${reason}, ended_by = ${endedBy}
		WHERE id = ${impersonationId} AND state <> 'ended' RETURNING id`);
	if (ended.length === 0) throw ALREADY;
	await tx.execute(sql`DELETE FROM control WHERE impersonation_id = ${impersonationId}`);
	// After Switch Back the receipt decides; where somebody else ended it, nobody may be there to do so.
	const released = reason === 'switch_back' ? [] : await releaseHeld(tx, impersonationId);
	return {
		value: true,
		subject: { type: 'impersonation', id: impersonationId },
		details: {
			reason,
			...(await summary(tx, impersonationId)),
			...(released.length > 0 && { mailsReleased: released.length })
		},
		outbox: [
			...mailJobs(released),
			{ kind: 'signal', signal: { topic: 'impersonation.ended', agencyId, impersonationId, reason } },
			{ kind: 'job', job: { name: 'head.sign', data: { agencyId } } },
			{ kind: 'job', job: { name: 'recordings.seal-left', data: {} } }
		]
	};
}

async function end(tx: Tx, actor: Actor, row: Account, request: EndRequest): Promise<Done<true>> {
	await requireEnder(tx, actor, row, request.reason);
	const endedBy =
		actor.kind === 'staff' ? actor.staffId : actor.kind === 'impersonation' ? actor.act.staffId : null;
	return closeImpersonation(tx, { ...request, agencyId: row.agency_id, endedBy });
}

export type Ender = StaffActor | ImpersonationActor | SystemActor | null;

/**
 * Ends it; `actor` null stands for the system. @returns false when it had ended already
 * @throws AppError `not_found`, `not_allowed` (logged)
 */
export const endImpersonation =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: Ender, request: EndRequest): Promise<boolean> => {
		const row = await account(db, request.impersonationId);
		if (!row) throw new AppError('not_found', 'There is no such impersonation.');
		if (row.state === 'ended') return false;
		const by: Actor = actor ?? { kind: 'system', agencyId: row.agency_id };
		const deed = {
			action: 'impersonation.ended',
			// Another agency's account is never written into this agency's chain, not even as a refused attempt.
			...(by.agencyId === row.agency_id && { clientId: row.client_id, contactId: row.contact_id }),
			...(by.agencyId === row.agency_id && { impersonationId: request.impersonationId })
		} as const;
		try {
			return await act(by, deed, (tx) => end(tx, by, row, request));
		} catch (error) {
			if (isAlreadyOver(error)) return false;
			throw error;
		}
	};
