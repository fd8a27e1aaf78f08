// What the hub asks the rows every 500 ms, so that a lost signal is harmless: how each running impersonation stands, which
// known ones ended, who may still watch. Ends those past a limit or a right. Over all agencies: it is the program itself.
import { sql } from 'drizzle-orm';
import type { AgencyId, ImpersonationId } from '#domain/ids.ts';
import type { EndReason } from '#domain/impersonation.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import { watchRole, type WatchRole } from '#domain/watch-role.ts';
import type { Mode } from '#domain/modes-and-reasons.ts';
import { mayAct, policySchema } from '#domain/policy.ts';
import type { ControlState } from '#protocol/control.ts';
import { isAccompanied, zoneLabel } from '#domain/zones.ts';
import { ZONE_COLUMNS, type ZoneRow } from '#server/db/second-person.ts';
import type { Db } from '#server/db/types.ts';
import type { ZoneTurn } from '#server/usecases/supervision/turn-zone.ts';
import { CONTROL_COLUMN } from './control-column.ts';
import {
	DUE_COLUMNS,
	DUE_TABLES,
	dueReason,
	type DueRow
} from '#server/usecases/impersonation/due-reason.ts';

export type LiveStanding = {
	impersonationId: ImpersonationId;
	agencyId: AgencyId;
	mode: Mode;
	expiresAt: number;
	idleLimitMs: number;
	lastActivityAt: number;
	frozen: { by: string; note: string; at: number } | null;
	control?: ControlState | null;
	viewOnly?: { by: string; at: number } | null;
	hand: { note: string; at: number } | null;
	/** The two-person zone gone to last. */
	zone: { label: string; isOpen: boolean } | null;
	showWatchers: boolean;
};

export type SweepAnswer = {
	live: LiveStanding[];
	/** Those of `known` that are not active any more. */
	ended: { impersonationId: string; reason: string }[];
	/** Staff sessions of `sessions` that may watch at this moment, and as what. */
	mayWatch: ReadonlyMap<string, WatchRole>;
};

export type SweepLiveDependencies = {
	db: Db;
	/** Ends it as the system. */
	endImpersonation(
		actor: null,
		request: { impersonationId: ImpersonationId; reason: EndReason }
	): Promise<unknown>;
	/** Puts into the log that a zone opened or closed. */
	turnZone(turn: ZoneTurn): Promise<void>;
	/** Told of an end that failed; the next sweep tries again. */
	onError(error: unknown): void;
};

type Row = DueRow &
	ZoneRow & {
		id: ImpersonationId;
		agency_id: AgencyId;
		mode: Mode;
		expires_at: number;
		idle_limit_ms: number;
		last_activity_at: number;
		frozen_at: number | null;
		frozen_by: string | null;
		freeze_note: string | null;
		control: ControlState | null;
		view_only_at: number | null;
		view_only_by: string | null;
		hand_at: number | null;
		hand_note: string | null;
		/** Null, too, once it is marked no more: nothing of it is closed then. */
		zone: string | null;
		zone_is_open: boolean;
	};

const ms = (column: string) => sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);

const readActive = (db: Db) =>
	db.execute<Row>(sql`
	SELECT i.id, i.agency_id, i.mode, ${ms('i.expires_at')} AS expires_at, i.idle_limit_ms,
		${ms('p.last_activity_at')} AS last_activity_at, ${ms('i.frozen_at')} AS frozen_at, f.name AS frozen_by,
		i.freeze_note, ${ms('i.hand_raised_at')} AS hand_at, i.hand_note, ${ms('i.view_only_at')} AS view_only_at,
		(SELECT v.name FROM staff v WHERE v.id = i.view_only_by) AS view_only_by, ${CONTROL_COLUMN},
		CASE WHEN a.zones @> to_jsonb(i.zone) THEN i.zone END AS zone, i.zone_open_at IS NOT NULL AS zone_is_open, ${ZONE_COLUMNS}, ${DUE_COLUMNS}
	FROM ${DUE_TABLES} LEFT JOIN staff f ON f.id = i.frozen_by
	WHERE i.state = 'active'`);

const mayActNow = (row: Row): boolean =>
	mayAct(policySchema.parse(row.policy), effectivePermissions(row.role, row.granted, row.withdrawn));

const toStanding = (row: Row): LiveStanding => ({
	impersonationId: row.id,
	agencyId: row.agency_id,
	// As the gate takes it, so that no banner says "Act" to whoever lost the right meanwhile.
	mode: mayActNow(row) ? row.mode : 'view',
	expiresAt: row.expires_at,
	idleLimitMs: row.idle_limit_ms,
	lastActivityAt: row.last_activity_at,
	frozen:
		row.frozen_at === null
			? null
			: { at: row.frozen_at, by: row.frozen_by ?? 'a supervisor', note: row.freeze_note ?? '' },
	viewOnly:
		row.view_only_at === null ? null : { at: row.view_only_at, by: row.view_only_by ?? 'a supervisor' },
	control: row.control,
	zone:
		row.zone === null
			? null
			: { label: zoneLabel(row.zone), isOpen: isAccompanied(row.staff_id, row.witnesses) },
	hand: row.hand_at === null ? null : { at: row.hand_at, note: row.hand_note ?? '' },
	showWatchers: policySchema.parse(row.policy).showWatchers
});

const listed = (ids: readonly string[]) =>
	sql`(SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;

async function readMayWatch(db: Db, sessions: readonly string[]): Promise<ReadonlyMap<string, WatchRole>> {
	if (sessions.length === 0) return new Map();
	const rows = await db.execute<{ id: string; role: string[]; granted: string[]; withdrawn: string[] }>(sql`
		SELECT t.id, r.permissions AS role, s.granted, s.withdrawn FROM staff_session t
		JOIN staff s ON s.id = t.user_id AND s.active JOIN role r ON r.id = s.role_id
		WHERE t.id IN ${listed(sessions)} AND t.expires_at > clock_timestamp()`);
	const roles = new Map<string, WatchRole>();
	for (const { id, role, granted, withdrawn } of rows) {
		const held = watchRole(effectivePermissions(role, granted, withdrawn));
		if (held) roles.set(id, held);
	}
	return roles;
}

/** What the log does not say yet of a zone. */
function turnOf({ id, agency_id: agencyId, zone, zone_is_open: wasOpen, ...row }: Row): ZoneTurn | null {
	const isOpen = zone !== null && isAccompanied(row.staff_id, row.witnesses);
	return zone === null || isOpen === wasOpen ? null : { agencyId, impersonationId: id, isOpen };
}

/** One sweep. `known` are the impersonations the hub holds open, `sessions` the staff sessions that watch. */
export const sweepLive =
	({ db, endImpersonation, turnZone, onError }: SweepLiveDependencies) =>
	async (input: { known: readonly string[]; sessions: readonly string[] }): Promise<SweepAnswer> => {
		const [rows, mayWatch] = await Promise.all([readActive(db), readMayWatch(db, input.sessions)]);
		const judged = rows.flatMap((row) => {
			try {
				return [{ standing: toStanding(row), reason: dueReason(row) }];
			} catch (error) {
				// One agency's unreadable policy must not stop the sweep of all others; its own sessions get no news.
				onError(error);
				return [];
			}
		});
		const due = judged.flatMap(({ standing: { impersonationId }, reason }) =>
			reason ? [{ impersonationId, reason }] : []
		);
		// One after the other would let a slow end delay the rest past their second.
		await Promise.all(due.map((end) => endImpersonation(null, end).catch(onError)));
		const turned = rows.flatMap((row) => turnOf(row) ?? []);
		await Promise.all(turned.map((turn) => turnZone(turn).catch(onError)));
		const live = judged.filter((one) => one.reason === null).map((one) => one.standing);
		const running = new Set<string>(live.map((standing) => standing.impersonationId));
		const gone = input.known.filter((id) => !running.has(id));
		if (gone.length === 0) return { live, ended: [], mayWatch };
		const ended = await db.execute<{ id: string; end_reason: string | null }>(
			sql`SELECT id, end_reason FROM impersonation WHERE state = 'ended' AND id IN ${listed(gone)}`
		);
		return {
			live,
			ended: ended.map((row) => ({ impersonationId: row.id, reason: row.end_reason ?? 'limit' })),
			mayWatch
		};
	};
