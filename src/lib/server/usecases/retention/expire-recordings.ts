// Removes recordings past their days: the client's own number, else the agency's, else the installation's. Each is an action of the
// program with the proof of what went. Views and the action log stay: they prove what happened without pictures.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { destroyKey, erasedSignal, removeErased, type EraseDeps } from './erase-recordings.ts';
import { forgetSearches } from './forget-searches.ts';
import { proofOf } from './removal-proof.ts';
import { NOT_HELD } from './require-free.ts';

/** Recordings one run takes up; the next run goes on. */
const RUN = 1_000;

type Due = {
	id: ImpersonationId;
	agency_id: AgencyId;
	client_id: ClientId;
	contact_id: ContactId;
	label: string;
	days: number;
};

/** SQL: how many days recordings of client `c` of agency `a` are kept. */
export const keptDays = (installationDays: number) =>
	sql`COALESCE(c.recording_days, a.recording_days, ${installationDays}::int)`;

const dueOf = (deps: ExpireDeps) =>
	deps.db.execute<Due>(sql`
		SELECT i.id, i.agency_id, i.client_id, i.contact_id, concat(c.name, ', ', s.name) AS label, ${keptDays(deps.days)} AS days
		FROM agency a JOIN client c ON c.agency_id = a.id JOIN impersonation i ON i.client_id = c.id JOIN staff s ON s.id = i.staff_id
		WHERE i.state = 'ended' AND i.ended_at < now() - make_interval(days => ${keptDays(deps.days)}) AND ${NOT_HELD}
			AND EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NULL) LIMIT ${RUN}`);

type ExpireDeps = EraseDeps & { act: Act; days: number };

/** One recording, its proof and its row of the log together or not at all. */
const expire = (
	act: Act,
	{ id, agency_id: agencyId, client_id, contact_id, label, days }: Due
): Promise<void> => {
	const subject = { type: 'impersonation', id, label };
	const deed = {
		action: 'recording.expired',
		clientId: client_id,
		contactId: contact_id,
		impersonationId: id,
		subject
	} as const;
	return ifDifferent(act)({ kind: 'system', agencyId }, deed, async (tx) => {
		// Held since, or erased by somebody: it stays as it is.
		const free = await tx.execute(
			sql`SELECT FROM impersonation i WHERE i.id = ${id} AND ${NOT_HELD} FOR NO KEY UPDATE`
		);
		if (free.length === 0) throw new Unchanged(undefined);
		const proof = await proofOf(tx, id);
		await forgetSearches(tx, { agencyId, impersonationIds: [id] });
		if ((await destroyKey(tx, id)) === 0) throw new Unchanged(undefined);
		return { value: undefined, details: { days, ...proof }, outbox: [erasedSignal(agencyId, id)] };
	});
};

/** @returns how many pages lost their recording now */
export const expireRecordings = (deps: ExpireDeps) => {
	const remove = removeErased(deps);
	return async (): Promise<number> => {
		for (const due of await dueOf(deps)) await expire(deps.act, due);
		return remove();
	};
};
