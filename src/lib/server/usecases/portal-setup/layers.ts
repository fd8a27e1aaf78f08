// Where each layer of set-up is stored, and the one way to change it: held while it is changed, so that two people who
// save at once do not undo each other; logged with what was before; left alone when nothing is different.
import { sql } from 'drizzle-orm';
import { AGENCY_AREAS } from '#domain/agency-areas.ts';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid, type ClientId } from '#domain/ids.ts';
import { changesBetween, type SetupChange } from '#domain/portal-setup.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import type { Act, Deed, Subject } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';

/** `below` is the layer that a client's own stands over. */
type Held = { setup: PortalSetup; name: string; below: PortalSetup };

export type Layer = {
	deed: Pick<Deed, 'clientId'> & { action: Deed['action']; subject: Subject };
	/** @throws AppError `not_found` for another agency's too */
	hold(tx: Tx): Promise<Held>;
	write(tx: Tx, setup: PortalSetup): Promise<void>;
	changes(before: PortalSetup, after: PortalSetup): SetupChange[];
	details(before: PortalSetup, after: PortalSetup): Record<string, unknown>;
};

const stored = (setup: PortalSetup) => sql`${JSON.stringify(setup)}::text::jsonb`;
const portalParts = {
	changes: (before: PortalSetup, after: PortalSetup) => changesBetween(before, after),
	details: (before: PortalSetup, after: PortalSetup) => ({ changes: changesBetween(before, after) })
};

/** @param label what the log calls it: two pages change this one layer */
export const agencyLayer = ({ agencyId }: StaffActor, label: string): Layer => ({
	...portalParts,
	deed: { action: 'portal.default_changed', subject: { type: 'agency', id: agencyId, label } },
	hold: async (tx) => {
		const [row] = await tx.execute<{ setup: PortalSetup }>(
			sql`SELECT portal_setup AS setup FROM agency WHERE id = ${agencyId} FOR UPDATE`
		);
		return { setup: row?.setup ?? {}, name: label, below: {} };
	},
	write: async (tx, setup) => {
		await tx.execute(sql`UPDATE agency SET portal_setup = ${stored(setup)} WHERE id = ${agencyId}`);
	}
});

export const clientLayer = ({ agencyId }: StaffActor, clientId: ClientId): Layer => ({
	...portalParts,
	deed: { action: 'portal.override_changed', clientId, subject: { type: 'client', id: clientId } },
	hold: async (tx) => {
		const [row] = await tx.execute<Held>(sql`
			SELECT c.name, c.portal_setup AS setup, a.portal_setup AS below FROM client c JOIN agency a ON a.id = c.agency_id
			WHERE c.id = ${clientId} AND c.agency_id = ${agencyId} FOR UPDATE OF c`);
		// Another agency's client looks like one that does not exist: ids are not to be probed.
		if (!row) throw new AppError('not_found', 'There is no such client.');
		return row;
	},
	write: async (tx, setup) => {
		await tx.execute(sql`UPDATE client SET portal_setup = ${stored(setup)}
			WHERE id = ${clientId} AND agency_id = ${agencyId}`);
	}
});

const AGENCY_KEYS = Object.keys(AGENCY_AREAS);

/** A role's menu: the agency's own areas instead of the portal's. */
export const roleLayer = ({ agencyId }: StaffActor, roleId: string): Layer => ({
	changes: (before, after) => changesBetween(before, after, AGENCY_KEYS),
	details: (before, after) => ({ before, after }),
	deed: { action: 'sidebar.changed', subject: { type: 'role', id: roleId } },
	hold: async (tx) => {
		const [row] = isUuid(roleId)
			? await tx.execute<{ name: string; setup: PortalSetup }>(sql`
				SELECT name, sidebar AS setup FROM role WHERE id = ${roleId} AND agency_id = ${agencyId} FOR UPDATE`)
			: [];
		if (!row) throw new AppError('not_found', 'There is no such role.');
		return { ...row, below: {} };
	},
	write: async (tx, setup) => {
		await tx.execute(sql`UPDATE role SET sidebar = ${stored(setup)} WHERE id = ${roleId}`);
	}
});

/** The row of the log by which a change can be taken back. */
export type SavedSetup = { seq: string };

/** The row that this person's change has just left. Read after it: a row's number is known once it is linked. */
async function rowOf(db: Db, actor: StaffActor, { action, subject }: Layer['deed']): Promise<SavedSetup> {
	const [row] = await db.execute<SavedSetup>(sql`
		SELECT a.seq::text AS seq FROM action a WHERE a.subject_id = ${subject.id} AND a.agency_id = ${actor.agencyId}
			AND a.action = ${action} AND a.actor_staff_id = ${actor.staffId} AND a.outcome = 'done'
		ORDER BY a.seq DESC LIMIT 1`);
	if (!row) throw new Error('A change left no row.');
	return row;
}

type Change = { to(held: Held): PortalSetup; details?: Record<string, unknown> };

/** @returns null when nothing was different. @throws AppError `not_found`; the gate's refusals (logged) */
export async function changeLayer(
	{ act, db }: { act: Act; db: Db },
	by: { actor: StaffActor; origin: Origin },
	layer: Layer,
	change: Change
): Promise<SavedSetup | null> {
	const deed = { ...layer.deed, origin: by.origin };
	const isDone = await ifDifferent(act)(by.actor, deed, async (tx) => {
		const held = await layer.hold(tx);
		const after = change.to(held);
		if (layer.changes(held.setup, after).length === 0) throw new Unchanged(false);
		await layer.write(tx, after);
		return {
			value: true,
			subject: { ...layer.deed.subject, label: held.name },
			details: { ...layer.details(held.setup, after), ...change.details }
		};
	});
	return isDone ? rowOf(db, by.actor, layer.deed) : null;
}
