// Takes one change of set-up back: what the log says was before is put in again, as a change of its own.
import { sql } from 'drizzle-orm';
import { AGENCY_AREAS } from '#domain/agency-areas.ts';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId } from '#domain/ids.ts';
import { changesBetween, takenBack, type SetupChange } from '#domain/portal-setup.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { agencyLayer, changeLayer, clientLayer, roleLayer, type Layer, type SavedSetup } from './layers.ts';

const SEQ = /^[0-9]{1,18}$/;
const GONE = 'There is nothing to take back here any more. Change it by hand.';

type Logged = { action: string; subject: string; details: string };
type Details = {
	subject?: string;
	changes?: SetupChange[];
	before?: PortalSetup;
	after?: PortalSetup;
};

async function readLogged(db: Db, actor: StaffActor, seq: string): Promise<Logged> {
	const [row] = SEQ.test(seq)
		? await db.execute<Logged>(sql`
			SELECT a.action, a.subject_id AS subject, d.details FROM action a JOIN action_details d ON d.seq = a.seq
			WHERE a.seq = ${seq} AND a.agency_id = ${actor.agencyId} AND a.outcome = 'done'
				AND a.action IN ('portal.default_changed', 'portal.override_changed', 'sidebar.changed')`)
		: [];
	if (!row) throw new AppError('not_found', GONE);
	return row;
}

function layerOf(actor: StaffActor, { action, subject }: Logged, details: Details): Layer {
	if (action === 'sidebar.changed') return roleLayer(actor, subject);
	if (action === 'portal.override_changed') return clientLayer(actor, subject as ClientId);
	return agencyLayer(actor, details.subject ?? 'Portal of every client');
}

const changesOf = ({ changes, before = {}, after = {} }: Details): SetupChange[] =>
	changes ?? changesBetween(before, after, Object.keys(AGENCY_AREAS));

/**
 * @param seq the change's own row in the log
 * @throws AppError `not_found` for another agency's row too, `conflict` when all of it was changed again since
 */
export const undoSetup =
	(parts: { act: Act; db: Db }) =>
	async (actor: StaffActor, seq: string, origin: Origin): Promise<SavedSetup> => {
		const logged = await readLogged(parts.db, actor, seq);
		const details = JSON.parse(logged.details) as Details;
		const changes = changesOf(details);
		const saved = await changeLayer(parts, { actor, origin }, layerOf(actor, logged, details), {
			to: ({ setup }) => takenBack(setup, changes),
			details: { undoes: seq }
		});
		if (!saved)
			throw new AppError(
				'conflict',
				'This was changed again since, so nothing was taken back. Look at it anew.'
			);
		return saved;
	};
