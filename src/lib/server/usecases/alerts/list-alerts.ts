// The alerts of one agency, newest first, each with the way to its moment.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { isAlertRule, type AlertRule, type AlertState } from '#domain/alert-words.ts';
import { countRows, type Counted } from '#server/db/count-rows.ts';
import { wasInside } from '#server/db/insiders.ts';
import type { Db } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { staffChoices, type Choice } from '../recordings/recording-choices.ts';
import { alertsWhere, ALERTS_PAGE_SIZE, type AlertFilters } from './alert-filters.ts';
import { requireOverseer } from './require-overseer.ts';

export type AlertRow = {
	id: string;
	rule: AlertRule;
	at: number;
	count: number;
	/** Its rule was off, or set higher, when it happened. */
	isLate: boolean;
	staff: string;
	staffId: string;
	/** About the reader: somebody else settles it. */
	isOwn: boolean;
	client: string | null;
	contact: string | null;
	impersonationId: string | null;
	isRunning: boolean;
	state: AlertState;
	settledBy: string | null;
	settledAt: number | null;
	note: string;
};

export type AlertList = Counted & { rows: AlertRow[]; open: Counted; staff: Choice[] };

const readRows = (db: Db, actor: StaffActor, filters: AlertFilters) =>
	// The page first: names of rows before it would cost as much as its own.
	db.execute<AlertRow>(sql`
		WITH shown AS MATERIALIZED (SELECT a.* FROM alert a WHERE ${alertsWhere(actor, filters)} ORDER BY a.at DESC, a.id DESC
			LIMIT ${ALERTS_PAGE_SIZE} OFFSET ${(filters.page - 1) * ALERTS_PAGE_SIZE})
		SELECT a.id, a.rule, ${ms('a.at')} AS at, a.count, a.is_late AS "isLate", s.name AS staff, a.staff_id AS "staffId",
			a.staff_id = ${actor.staffId} OR COALESCE(${wasInside(actor.staffId)}, false) AS "isOwn", c.name AS client, k.name AS contact,
			a.impersonation_id AS "impersonationId", COALESCE(i.state = 'active', false) AS "isRunning", a.state,
			v.name AS "settledBy", ${ms('a.settled_at')} AS "settledAt", a.note
		FROM shown a JOIN staff s ON s.id = a.staff_id LEFT JOIN client c ON c.id = a.client_id
		LEFT JOIN impersonation i ON i.id = a.impersonation_id LEFT JOIN contact k ON k.id = i.contact_id
		LEFT JOIN staff v ON v.id = a.settled_by
		ORDER BY a.at DESC, a.id DESC`);

/** @throws AppError `not_allowed` without one of the permissions */
export const listAlerts =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, filters: AlertFilters): Promise<AlertList> => {
		await requireOverseer(db, actor);
		const [rows, counted, open, staff] = await Promise.all([
			readRows(db, actor, filters),
			countRows(db, sql`FROM alert a WHERE ${alertsWhere(actor, filters)}`),
			countRows(db, sql`FROM alert a WHERE a.agency_id = ${actor.agencyId} AND a.state = 'open'`),
			staffChoices(db, actor.agencyId)
		]);
		// One of a rule that a later release knew cannot be said in words here.
		return { rows: rows.filter(({ rule }) => isAlertRule(rule)), ...counted, open, staff };
	};

export type RunningAlert = Pick<AlertRow, 'id' | 'rule' | 'staff'> & { impersonationId: string };

/** As many as a strip above the live list holds. */
const SHOWN_RUNNING = 20;

/** Open ones about impersonations that run now. @throws AppError `not_allowed` */
export const listRunningAlerts =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<RunningAlert[]> => {
		await requireOverseer(db, actor);
		const rows = await db.execute<RunningAlert>(sql`
			SELECT a.id, a.rule, s.name AS staff, a.impersonation_id AS "impersonationId"
			FROM impersonation i JOIN alert a ON a.impersonation_id = i.id AND a.state = 'open' JOIN staff s ON s.id = a.staff_id
			WHERE i.agency_id = ${actor.agencyId} AND i.state <> 'ended'
			ORDER BY a.at DESC, a.id LIMIT ${SHOWN_RUNNING}`);
		return rows.filter(({ rule }) => isAlertRule(rule));
	};
