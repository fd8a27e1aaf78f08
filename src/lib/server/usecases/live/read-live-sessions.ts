// The running impersonations of one agency, as the live page lists them. From the rows alone: the hub lays its own, newer
// knowledge of pages and beats over it, the server-rendered page shows it as it is.
import { sql } from 'drizzle-orm';
import type { StaffActor, SystemActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import { REASONS, type Mode, type Reason } from '#domain/modes-and-reasons.ts';
import { LEASE_MS, type ControlState, type LivePage, type LiveSession } from '#protocol/index.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import { CONTROL_COLUMN } from './control-column.ts';
import { initials } from './initials.ts';

type Row = {
	id: ImpersonationId;
	mode: Mode;
	reason: Reason;
	ticket: string | null;
	client_id: string;
	client: string;
	contact_id: string;
	contact: string;
	staff_id: string;
	staff: string;
	started_at: number;
	expires_at: number;
	idle_at: number;
	now: number;
	frozen_at: number | null;
	frozen_by: string | null;
	freeze_note: string | null;
	control: ControlState | null;
	view_only_at: number | null;
	view_only_by: string | null;
	hand_at: number | null;
	hand_note: string | null;
	watchers: { staffId: string; name: string }[];
	pages: (Omit<LivePage, 'visible' | 'connected'> & {
		beatAt: number | null;
		hasSnapshot: boolean;
		closed: boolean;
	})[];
};

const ms = (column: string) => sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);

const rowsOf = (db: Db, agencyId: string, only: string | null) =>
	db.execute<Row>(sql`
	SELECT i.id, i.mode, i.reason, i.ticket, i.client_id, c.name AS client, i.contact_id, k.name AS contact,
		i.staff_id, s.name AS staff, ${ms('COALESCE(i.started_at, i.created_at)')} AS started_at,
		${ms('i.expires_at')} AS expires_at, ${ms('p.last_activity_at')} + i.idle_limit_ms AS idle_at,
		${ms('clock_timestamp()')} AS now, ${ms('i.frozen_at')} AS frozen_at, f.name AS frozen_by, i.freeze_note,
		${ms('i.hand_raised_at')} AS hand_at, i.hand_note, ${ms('i.view_only_at')} AS view_only_at,
		(SELECT v.name FROM staff v WHERE v.id = i.view_only_by) AS view_only_by, ${CONTROL_COLUMN},
		COALESCE((SELECT jsonb_agg(DISTINCT jsonb_build_object('staffId', w.staff_id, 'name', x.name))
			FROM watch w JOIN staff x ON x.id = w.staff_id
			WHERE w.impersonation_id = i.id AND w.left_at IS NULL), '[]') AS watchers,
		COALESCE((SELECT jsonb_agg(jsonb_build_object('pageId', g.id, 'address', g.address, 'title', g.title,
				'openedAt', ${ms('g.opened_at')}, 'lastActiveAt', ${ms('COALESCE(g.last_event_at, g.opened_at)')},
				'beatAt', ${ms('g.last_beat_at')}, 'hasSnapshot', g.snapshot_at IS NOT NULL,
				'closed', g.closed_at IS NOT NULL) ORDER BY g.opened_at)
			FROM page g WHERE g.impersonation_id = i.id
				AND (g.closed_at IS NULL OR g.last_beat_at > clock_timestamp() - interval '1 minute')), '[]') AS pages
	FROM impersonation i JOIN client c ON c.id = i.client_id JOIN contact k ON k.id = i.contact_id
	JOIN staff s ON s.id = i.staff_id JOIN impersonation_pulse p ON p.impersonation_id = i.id
	LEFT JOIN staff f ON f.id = i.frozen_by
	WHERE i.agency_id = ${agencyId} AND i.state = 'active' AND (${only}::uuid IS NULL OR i.id = ${only}::uuid)
	ORDER BY i.started_at DESC, i.id`);

function toSession(row: Row): LiveSession {
	const isLive = (page: Row['pages'][number]) =>
		!page.closed && page.beatAt !== null && row.now - page.beatAt < LEASE_MS;
	const recorded = row.pages.filter((page) => page.hasSnapshot && page.beatAt !== null);
	const active = row.pages.toSorted(
		(a, b) => Number(isLive(b)) - Number(isLive(a)) || b.lastActiveAt - a.lastActiveAt
	)[0];
	return {
		impersonationId: row.id,
		client: { id: row.client_id, name: row.client },
		contact: { id: row.contact_id, name: row.contact },
		staff: { id: row.staff_id, name: row.staff },
		reason: REASONS[row.reason],
		ticket: row.ticket,
		startedAt: row.started_at,
		recording: recorded.some(isLive) ? 'live' : recorded.length > 0 ? 'silent' : 'waiting',
		activePageId: active?.pageId ?? null,
		pages: row.pages.map((page) => ({
			pageId: page.pageId,
			address: page.address,
			title: page.title,
			visible: true,
			openedAt: page.openedAt,
			lastActiveAt: page.lastActiveAt,
			connected: isLive(page)
		})),
		mode: row.mode,
		expiresAt: row.expires_at,
		idleAt: row.idle_at,
		hubNow: row.now,
		frozen:
			row.frozen_at === null
				? null
				: { at: row.frozen_at, by: row.frozen_by ?? 'a supervisor', note: row.freeze_note ?? '' },
		viewOnly:
			row.view_only_at === null ? null : { at: row.view_only_at, by: row.view_only_by ?? 'a supervisor' },
		control: row.control,
		hand: row.hand_at === null ? null : { at: row.hand_at, note: row.hand_note ?? '' },
		watchers: row.watchers.map((watcher) => ({ ...watcher, initials: initials(watcher.name) }))
	};
}

/**
 * Running impersonations of the actor's agency, newest first; one of them where `impersonationId` is given.
 * @throws AppError `not_allowed` without the permission `observe`
 */
export const readLiveSessions =
	({ db }: { db: Db }) =>
	async (
		actor: StaffActor | SystemActor,
		input: { impersonationId?: string } = {}
	): Promise<LiveSession[]> => {
		if (actor.kind === 'staff') {
			const standing = await readStaff(db, actor);
			if (!standing?.permissions.has('observe'))
				throw new AppError('not_allowed', 'Your role does not include watching impersonations.');
		}
		return (await rowsOf(db, actor.agencyId, input.impersonationId ?? null)).map(toSession);
	};
