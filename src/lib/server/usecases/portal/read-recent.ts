// What was done a moment ago and can still be taken back, read from the action log: it is kept there once and nowhere
// else [D3]. Erased details leave nothing to take back.
import { sql } from 'drizzle-orm';
import type { ActionName } from '#domain/actions.ts';
import { UNDO_MINUTES } from '#domain/undo.ts';
import type { Reader } from '#server/db/types.ts';
import type { Account } from './either-side.ts';
import { epochMs } from './scope.ts';

export type Recent = {
	impersonationId: string | null;
	details: Record<string, unknown> | null;
	/** Until when it can be taken back. */
	until: number;
};

/** Each side takes back its own: what staff do on the agency's host is not the client's to undo, and the other way round. */
const DOERS = { portal: sql`('client', 'impersonation')`, agency: sql`('staff')` };
export type DoneOn = keyof typeof DOERS;

type Row = Omit<Recent, 'until'> & { action: ActionName; until: string; recent: boolean };

/**
 * @param what `done` counts only while none of `since` came after it
 * @returns null also when it was done on the other side than `on`
 */
export async function readRecent(
	reader: Reader,
	{ agencyId, clientId }: Account,
	what: { subjectId: string; done: ActionName; since: readonly ActionName[]; on: DoneOn }
): Promise<Recent | null> {
	const names = [what.done, ...what.since].map((name) => sql`${name}`);
	const [row] = await reader.execute<Row>(sql`
		SELECT a.action, a.impersonation_id AS "impersonationId", d.details::json AS details, ${epochMs('e.until')} AS until,
			e.until > clock_timestamp() AND a.actor_kind IN ${DOERS[what.on]} AS recent
		FROM action a LEFT JOIN action_details d ON d.seq = a.seq,
			LATERAL (SELECT a.at + make_interval(mins => ${UNDO_MINUTES}) AS until) e
		WHERE a.subject_id = ${what.subjectId} AND a.client_id = ${clientId} AND a.agency_id = ${agencyId}
			AND a.outcome = 'done' AND a.action IN (${sql.join(names, sql`, `)})
		ORDER BY a.seq DESC LIMIT 1`);
	if (row?.action !== what.done || !row.recent) return null;
	const { impersonationId, details, until } = row;
	return { impersonationId, details, until: Number(until) };
}
