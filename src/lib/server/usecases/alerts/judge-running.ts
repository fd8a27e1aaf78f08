// What running impersonations alert to by the clock alone: a silent recorder, an unusual length. As many rows as people are inside. And
// what those that ended while a rule was let go of would have alerted to.
import { sql, type SQL } from 'drizzle-orm';
import {
	judgeRunning,
	parseAlertRules,
	type AlertRules,
	type FoundAlert,
	type Running
} from '#domain/alerts.ts';
import type { Db, Reader } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { ms } from '../agency/require-reader.ts';
import { keepFound } from './keep-found.ts';

/** What is usual is the middle of so many. */
const COMPARED = 100;

type Lasting = Pick<Running, 'silentMs' | 'ageMs'> & {
	id: string;
	clientId: string;
	staffId: string;
	at: number;
};

/** Over an impersonation `i`: how long it lasts and nothing was heard of it, up to a moment. */
const lastingUntil = (moment: SQL) => sql`i.id, i.client_id AS "clientId", i.staff_id AS "staffId",
	(extract(epoch FROM ${moment}) * 1000)::float8 AS at, (extract(epoch FROM ${moment}) * 1000)::float8 - ${ms('i.started_at')} AS "ageMs",
	(extract(epoch FROM ${moment}) * 1000)::float8 - GREATEST(${ms('i.started_at')},
		(SELECT ${ms('max(g.last_beat_at)')} FROM page g WHERE g.impersonation_id = i.id)) AS "silentMs"`;

const readActive = (db: Db) =>
	db.execute<Lasting & { agencyId: string; rules: unknown }>(sql`
		SELECT ${lastingUntil(sql`clock_timestamp()`)}, i.agency_id AS "agencyId", a.alert_rules AS rules
		FROM impersonation i JOIN agency a ON a.id = i.agency_id WHERE i.state = 'active'`);

/** Longer than any lasts, so that they are found by when they were made. */
const LONGEST_HOURS = 24;

/** Which ended since then; of those that ended otherwise nobody knows any more how long they were silent in between. */
const readEnded = (reader: Reader, agencyId: string, since: number) =>
	reader.execute<Lasting & { wasSilent: boolean }>(sql`
		SELECT ${lastingUntil(sql`i.ended_at`)}, i.end_reason = 'recorder_silent' AS "wasSilent" FROM impersonation i
		WHERE i.agency_id = ${agencyId} AND i.state = 'ended' AND i.started_at IS NOT NULL
			AND i.ended_at > to_timestamp(${since / 1000})
			AND i.created_at > to_timestamp(${since / 1000}) - make_interval(hours => ${LONGEST_HOURS}::int)`);

async function readUsual(reader: Reader, agencyId: string): Promise<Running['usual']> {
	const [row] = await reader.execute<Running['usual']>(sql`
		SELECT count(*)::int AS count, COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY length), 0)::float8 AS "lengthMs"
		FROM (SELECT ${ms('ended_at')} - ${ms('started_at')} AS length FROM impersonation
			WHERE agency_id = ${agencyId} AND state = 'ended' AND started_at IS NOT NULL
			ORDER BY created_at DESC, id LIMIT ${sql.raw(String(COMPARED))}) AS last`);
	return row ?? { count: 0, lengthMs: 0 };
}

function judge(
	{ id, clientId, staffId, at, ...lasting }: Lasting,
	usual: Running['usual'],
	rules: AlertRules
): FoundAlert[] {
	const { silentMs, ageMs } = lasting;
	const place = { at, staffId, clientId, impersonationId: id, span: id };
	return judgeRunning({ silentMs, ageMs, usual }, rules).map((one) => ({ ...place, ...one }));
}

/** What those that ended since then alert to by these rules. */
export async function judgeEnded(
	reader: Reader,
	agencyId: string,
	{ since, rules }: { since: number; rules: AlertRules }
): Promise<FoundAlert[]> {
	if (!rules.silent && !rules.long) return [];
	const usual = await readUsual(reader, agencyId);
	const ended = await readEnded(reader, agencyId, since);
	return ended.flatMap((one) => judge(one.wasSilent ? one : { ...one, silentMs: 0 }, usual, rules));
}

/** Keeps what is found. Found again while it goes on it is the same. */
export const judgeAllRunning =
	({ db, ids, onError }: { db: Db; ids: Ids; onError(error: unknown): void }) =>
	async (): Promise<void> => {
		const usual = new Map<string, Promise<Running['usual']>>();
		for (const { agencyId, rules, ...lasting } of await readActive(db))
			try {
				const own = usual.get(agencyId) ?? readUsual(db, agencyId);
				usual.set(agencyId, own);
				const found = judge(lasting, await own, parseAlertRules(rules));
				await keepFound(db, ids, { agencyId, found });
			} catch (error) {
				onError(error);
			}
	};
