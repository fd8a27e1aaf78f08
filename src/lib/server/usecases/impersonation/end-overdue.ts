// Ends what ran past a limit. Limits are enforced at every request by the database's clock; this tells the screens.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { EndReason } from '#domain/impersonation.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { SILENT_LIMIT_MS } from '#protocol/limits.ts';
import type { Ender, EndRequest } from './end-impersonation.ts';

type End = (actor: Ender, request: EndRequest) => Promise<boolean>;

/** SQL that names why a live row `i` with pulse `p` is due, or null. Shared so that no two places can differ. */
const DUE = sql`CASE
	WHEN i.state = 'pending' AND i.code_expires_at <= clock_timestamp() THEN 'not_entered'
	WHEN i.state = 'pending' THEN NULL
	WHEN i.expires_at <= clock_timestamp() THEN 'limit'
	WHEN p.last_activity_at + make_interval(secs => i.idle_limit_ms / 1000.0) <= clock_timestamp() THEN 'idle'
	WHEN NOT EXISTS (SELECT FROM staff_session t WHERE t.id = i.staff_session_id AND t.expires_at > clock_timestamp())
		THEN 'signed_out'
	WHEN coalesce((SELECT max(g.last_beat_at) FROM page g WHERE g.impersonation_id = i.id), i.started_at)
		+ make_interval(secs => ${SILENT_LIMIT_MS / 1000}) <= clock_timestamp() THEN 'recorder_silent'
END`;

type Due = { id: ImpersonationId; reason: EndReason };

/** Ends every impersonation that is due. @returns how many */
export const endOverdue =
	({ db, end }: { db: Db; end: End }) =>
	async (): Promise<number> => {
		const due = await db.execute<Due>(sql`
			SELECT * FROM (SELECT i.id, ${DUE} AS reason FROM impersonation i
				JOIN impersonation_pulse p ON p.impersonation_id = i.id WHERE i.state <> 'ended') live
			WHERE reason IS NOT NULL`);
		for (const { id, reason } of due) await end(null, { impersonationId: id, reason });
		return due.length;
	};

type OwnEnd = { db: Db; end: End };

const own = ({ db }: OwnEnd, actor: StaffActor) =>
	db.execute<{ id: ImpersonationId; reason: EndReason | null }>(sql`
		SELECT i.id, ${DUE} AS reason FROM impersonation i JOIN impersonation_pulse p ON p.impersonation_id = i.id
		WHERE i.state <> 'ended' AND i.staff_id = ${actor.staffId}`);

/** Clears the way for a start: a staff member's overdue one always, a running one only when they asked for it. */
export const endOwn =
	(deps: OwnEnd) =>
	async (actor: StaffActor, evenLive: boolean): Promise<void> => {
		for (const { id, reason } of await own(deps, actor)) {
			if (reason) await deps.end(null, { impersonationId: id, reason });
			else if (evenLive) await deps.end(actor, { impersonationId: id, reason: 'replaced' });
		}
	};

/** The staff member signed out: what rests on that session ends with it. */
export const endSignedOut =
	(deps: OwnEnd) =>
	async (actor: StaffActor): Promise<void> => {
		for (const { id } of await own(deps, actor))
			await deps.end(actor, { impersonationId: id, reason: 'signed_out' });
	};
