// Raises alerts: looks through what happened since the last time and at what runs, and writes for each found one its row of the
// log, by the system. With that row people are told (notices), and the live page and the replay show it at its moment.
import { sql } from 'drizzle-orm';
import { ALERT_RULES, isAlertRule } from '#domain/alert-words.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { judgeAllRunning } from './judge-running.ts';
import { lookLate } from './look-late.ts';
import { takeNews } from './take-news.ts';

/** Raised by one run; the next one comes soon. */
const RUN = 100;

type Due = {
	id: string;
	rule: string;
	count: number;
	/** Raised before, at less than half of that. */
	told: number | null;
	isLate: boolean;
	agencyId: AgencyId;
	staffId: string;
	staff: string;
	clientId: ClientId | null;
	contactId: ContactId | null;
	impersonationId: ImpersonationId | null;
};

const readDue = (db: Db) =>
	db.execute<Due>(sql`
		SELECT a.id, a.rule, a.count, a.told, a.is_late AS "isLate", a.agency_id AS "agencyId", a.staff_id AS "staffId", s.name AS staff,
			a.client_id AS "clientId", i.contact_id AS "contactId", a.impersonation_id AS "impersonationId"
		FROM alert a JOIN staff s ON s.id = a.staff_id LEFT JOIN impersonation i ON i.id = a.impersonation_id
		WHERE a.raised_at IS NULL ORDER BY a.at LIMIT ${sql.raw(String(RUN))}`);

/** Its mark and its row of the log go together: killed before, it is raised by the next run; killed after, never again. */
async function raise(act: Act, due: Due): Promise<void> {
	const { id, rule, count, told, isLate, agencyId, staffId, staff, clientId, contactId, impersonationId } =
		due;
	const name = isAlertRule(rule) ? ALERT_RULES[rule].label : rule;
	const subject = { type: 'alert', id, label: `${name}: ${staff}` };
	const deed = { action: 'alert.raised', clientId, contactId, impersonationId, subject } as const;
	await ifDifferent(act)({ kind: 'system', agencyId }, deed, async (tx) => {
		const rows = await tx.execute(sql`UPDATE alert SET raised_at = clock_timestamp()
			WHERE id = ${id} AND raised_at IS NULL RETURNING id`);
		if (rows.length === 0) throw new Unchanged(undefined);
		return {
			value: undefined,
			details: {
				rule,
				count,
				about: staffId,
				...(told !== null && { again: told }),
				...(isLate && { late: true })
			}
		};
	});
}

export type RaiseAlerts = { db: Db; act: Act; ids: Ids; onError(error: unknown): void };

/** One run at a time in a process; several processes may run it at once. */
export const raiseAlerts = (deps: RaiseAlerts) => {
	const { db, act, onError } = deps;
	const take = takeNews(deps);
	const look = lookLate(deps);
	const judge = judgeAllRunning(deps);
	let isRunning = false;
	return async (): Promise<void> => {
		if (isRunning) return;
		isRunning = true;
		try {
			await take();
			await look();
			await judge();
			for (const due of await readDue(db)) await raise(act, due).catch(onError);
		} finally {
			isRunning = false;
		}
	};
};
