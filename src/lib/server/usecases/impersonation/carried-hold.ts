// What a supervisor set and nobody took back is set on the person, not on one session: the next one begins with it, whichever client
// it is with, and Allow Act or Release there takes it back.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import type { Mode } from '#domain/modes-and-reasons.ts';
import type { Tx } from '#server/db/types.ts';

/** A working day and the night after it: whoever is to stay out for longer loses the right, not the mode. Each start begins it anew. */
const HOLD_LASTS_HOURS = 24;

/** What it begins with, and by whom; the names are for the log. */
type CarriedHold = { mode: Mode; viewOnlyBy: string | null; frozenBy: string | null };

/**
 * Puts what their last impersonation ended with on the one that begins now. A supervisor who ended a frozen session is done with the
 * freeze, unless it was their own; View only lasts until it is taken back.
 * @returns null where nothing is held
 */
export async function carryHold(
	tx: Tx,
	actor: StaffActor,
	impersonationId: ImpersonationId
): Promise<CarriedHold | null> {
	// Attack: View only or a freeze shaken off in two clicks, by Switch Back, Restart or "End it and start here", to act on within seconds.
	const [held] = await tx.execute<CarriedHold>(sql`
		UPDATE impersonation n SET mode = CASE WHEN was.view_only_at IS NULL THEN n.mode ELSE 'view' END,
			view_only_at = was.view_only_at, view_only_by = was.view_only_by,
			frozen_at = was.frozen_at, frozen_by = was.frozen_by, freeze_note = was.freeze_note
		FROM (SELECT p.view_only_at, p.view_only_by, f.frozen_at, f.frozen_by, f.freeze_note
			FROM (SELECT * FROM impersonation WHERE staff_id = ${actor.staffId} AND ended_at IS NOT NULL
				ORDER BY ended_at DESC LIMIT 1) p
			LEFT JOIN LATERAL (SELECT p.frozen_at, p.frozen_by, p.freeze_note
				WHERE p.end_reason <> 'supervisor' OR p.ended_by = p.staff_id) f ON true
			WHERE p.ended_at > clock_timestamp() - make_interval(hours => ${HOLD_LASTS_HOURS})) was
		WHERE n.id = ${impersonationId} AND (was.view_only_at IS NOT NULL OR was.frozen_at IS NOT NULL)
		RETURNING n.mode, (SELECT name FROM staff WHERE id = n.view_only_by) AS "viewOnlyBy",
			(SELECT name FROM staff WHERE id = n.frozen_by) AS "frozenBy"`);
	return held ?? null;
}
