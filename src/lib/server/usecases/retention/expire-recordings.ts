// Removes recordings past their days: the client's own number, else the agency's, else the installation's. Each is an action of the
// program with the proof of what went. Views and the action log stay: they prove what happened without pictures.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { destroyKey, erasedSignal, removeErased, type EraseDeps } from './erase-recordings.ts';
import { findSearches, forgetSearches, type FoundSearches } from './forget-searches.ts';
import { keptDays } from './kept-days.ts';
import { proofOf } from './removal-proof.ts';
import { lockToErase, NOT_HELD, notForReview } from './require-free.ts';

/** Recordings one run takes up; the next run goes on. */
const RUN = 1_000;

type Due = {
	id: ImpersonationId;
	agency_id: AgencyId;
	client_id: ClientId;
	contact_id: ContactId;
	label: string;
	has_pictures: boolean;
};

type ExpireDeps = EraseDeps & { act: Act; days: number };

/** SQL: recording `i` of client `c` of agency `a` is past its days, and nothing keeps it. */
const isDue = (installationDays: number) =>
	sql`i.state = 'ended' AND i.erased_at IS NULL AND i.ended_at < now() - make_interval(days => ${keptDays(installationDays)})
		AND ${NOT_HELD} AND ${notForReview(keptDays(installationDays))}`;

/** In any order: those that fail again and again must not stand before all others. */
const dueOf = ({ db, days }: ExpireDeps) =>
	db.execute<Due>(sql`
		SELECT i.id, i.agency_id, i.client_id, i.contact_id, concat(c.name, ', ', s.name) AS label,
			EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NULL) AS has_pictures
		FROM agency a JOIN client c ON c.agency_id = a.id JOIN impersonation i ON i.client_id = c.id JOIN staff s ON s.id = i.staff_id
		WHERE ${isDue(days)} ORDER BY random() LIMIT ${RUN}`);

/** Of a stay that was never recorded there is nothing to remove, nor to look at in every run. */
const noteEmpty = (db: Db, id: string) =>
	db.execute(
		sql`UPDATE impersonation SET erased_at = clock_timestamp() WHERE id = ${id} AND erased_at IS NULL`
	);

/** How many days it was kept, or null where it is to stay by now: held, erased, given more days or to somebody to review since. */
async function lockDue(
	tx: Tx,
	installationDays: number,
	{ id, client_id: clientId }: Due
): Promise<number | null> {
	await lockToErase(tx, { id, clientId });
	const [row] = await tx.execute<{ days: number }>(sql`
		SELECT ${keptDays(installationDays)} AS days FROM impersonation i JOIN client c ON c.id = i.client_id
		JOIN agency a ON a.id = c.agency_id WHERE i.id = ${id} AND ${isDue(installationDays)}`);
	return row?.days ?? null;
}

/** A verdict that nobody gave in time is none any more. @returns whether one was waited for */
async function lapse(tx: Tx, id: string): Promise<boolean> {
	const rows = await tx.execute(sql`
		UPDATE review SET is_queued = false, lapsed_at = clock_timestamp()
		WHERE impersonation_id = ${id} AND is_queued AND verdict IS NULL RETURNING impersonation_id`);
	return rows.length > 0;
}

/** One recording, its proof and its row of the log together or not at all. */
const expire = (
	{ act, days: installationDays }: ExpireDeps,
	due: Due,
	found: FoundSearches
): Promise<void> => {
	const { id, agency_id: agencyId, client_id, contact_id, label } = due;
	const deed = {
		action: 'recording.expired',
		clientId: client_id,
		contactId: contact_id,
		impersonationId: id,
		subject: { type: 'impersonation', id, label }
	} as const;
	return ifDifferent(act)({ kind: 'system', agencyId }, deed, async (tx) => {
		const days = await lockDue(tx, installationDays, due);
		if (days === null) throw new Unchanged(undefined);
		const proof = await proofOf(tx, id);
		await forgetSearches(tx, { agencyId, impersonationIds: [id], found });
		if ((await destroyKey(tx, id)) === 0) throw new Unchanged(undefined);
		const unreviewed = (await lapse(tx, id)) ? { review: 'never given' } : {};
		return {
			value: undefined,
			details: { days, ...unreviewed, ...proof },
			outbox: [erasedSignal(agencyId, id)]
		};
	});
};

/** All of one agency. @returns what failed: one recording that cannot go must not keep the others */
async function expireOf(deps: ExpireDeps, agencyId: AgencyId, due: readonly Due[]): Promise<unknown[]> {
	const faults: unknown[] = [];
	const ids = due.filter(({ has_pictures: has }) => has).map(({ id }) => id);
	const found = await findSearches(deps.db, { agencyId, impersonationIds: ids });
	for (const one of due) {
		const work: Promise<unknown> = one.has_pictures ? expire(deps, one, found) : noteEmpty(deps.db, one.id);
		await work.catch((fault: unknown) => faults.push(fault));
	}
	return faults;
}

/** @returns how many pages lost their recording now */
export const expireRecordings = (deps: ExpireDeps) => {
	const remove = removeErased(deps);
	return async (): Promise<number> => {
		const faults: unknown[] = [];
		for (const [agencyId, due] of Map.groupBy(await dueOf(deps), ({ agency_id: id }) => id))
			faults.push(...(await expireOf(deps, agencyId, due).catch((fault: unknown) => [fault])));
		const removed = await remove();
		if (faults.length > 0)
			throw new AggregateError(faults, `${faults.length} recordings past their days could not be removed.`);
		return removed;
	};
};
