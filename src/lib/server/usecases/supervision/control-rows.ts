// The one row that says who else steers an impersonation, and what every change of it shares.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ImpersonationId } from '#domain/ids.ts';
import { GRACE_SECONDS } from '#server/db/control-grace.ts';
import type { OutboxItem } from '#server/db/outbox.ts';
import type { Tx } from '#server/db/types.ts';

/** An unanswered request runs out: whoever asked should not be let in when nobody remembers why. */
const ASKED_SECONDS = 30;

/** Renewed every two seconds by the hub of the holder's connection: with that hub, control is over after three misses. */
const HELD_SECONDS = 6;

const inSeconds = (seconds: number) => sql`clock_timestamp() + make_interval(secs => ${seconds})`;
export const askedUntil = inSeconds(ASKED_SECONDS);
export const heldUntil = inSeconds(HELD_SECONDS);

export type EndedControl = { staff_id: string; name: string; was: 'asked' | 'held' };

/** Ends the control or the request of an impersonation, whichever there is; the one named only, where an id is given. */
export async function endControl(
	tx: Tx,
	impersonationId: ImpersonationId,
	id: string | null = null
): Promise<EndedControl | null> {
	const [row] = await tx.execute<EndedControl>(sql`
		WITH found AS MATERIALIZED (
			SELECT c.id, c.state, c.staff_id, s.name FROM control c JOIN staff s ON s.id = c.staff_id
			WHERE c.impersonation_id = ${impersonationId} AND c.state <> 'over' AND c.until > clock_timestamp()
				AND (${id}::uuid IS NULL OR c.id = ${id}::uuid)
			-- Waits for whoever ends it now: an end that hit nothing would be a second row of one end.
			FOR UPDATE OF c
		)
		UPDATE control SET state = 'over', until = CASE found.state WHEN 'held' THEN ${inSeconds(GRACE_SECONDS)}
			ELSE clock_timestamp() END FROM found WHERE control.id = found.id
		RETURNING found.staff_id, found.name, found.state AS was`);
	return row ?? null;
}

/** Of the control named only: by then somebody else may have it. @throws AppError `conflict` when it is over already */
export async function endNamedControl(
	tx: Tx,
	impersonationId: ImpersonationId,
	id: string
): Promise<EndedControl> {
	const ended = await endControl(tx, impersonationId, id);
	if (!ended) throw new AppError('conflict', 'Nobody has control any more.');
	return ended;
}

/** Hubs, pages and watchers hear of it from the row; this only says where to look. */
export const controlChanged = (agencyId: AgencyId, impersonationId: ImpersonationId): OutboxItem[] => [
	{ kind: 'signal', signal: { topic: 'impersonation.changed', agencyId, impersonationId } }
];
