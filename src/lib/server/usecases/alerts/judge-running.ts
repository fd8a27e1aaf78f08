// What running impersonations alert to by the clock alone: a silent recorder, an unusual length. As many rows as people are inside.
import { sql } from 'drizzle-orm';
import { judgeRunning, parseAlertRules, type Running } from '#domain/alerts.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { ms } from '../agency/require-reader.ts';
import { keepFound } from './keep-found.ts';

/** What is usual is the middle of so many. */
const COMPARED = 100;

type Row = Pick<Running, 'silentMs' | 'ageMs'> & {
	id: string;
	agencyId: string;
	clientId: string;
	staffId: string;
	now: number;
	rules: unknown;
};

const readActive = (db: Db) =>
	db.execute<Row>(sql`
		SELECT i.id, i.agency_id AS "agencyId", i.client_id AS "clientId", i.staff_id AS "staffId",
			${ms('clock_timestamp()')} AS now, ${ms('clock_timestamp()')} - ${ms('i.started_at')} AS "ageMs",
			${ms('clock_timestamp()')} - GREATEST(${ms('i.started_at')},
				(SELECT ${ms('max(g.last_beat_at)')} FROM page g WHERE g.impersonation_id = i.id)) AS "silentMs",
			a.alert_rules AS rules
		FROM impersonation i JOIN agency a ON a.id = i.agency_id WHERE i.state = 'active'`);

async function readUsual(db: Db, agencyId: string): Promise<Running['usual']> {
	const [row] = await db.execute<Running['usual']>(sql`
		SELECT count(*)::int AS count, COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY length), 0)::float8 AS "lengthMs"
		FROM (SELECT ${ms('ended_at')} - ${ms('started_at')} AS length FROM impersonation
			WHERE agency_id = ${agencyId} AND state = 'ended' AND started_at IS NOT NULL
			ORDER BY created_at DESC, id LIMIT ${sql.raw(String(COMPARED))}) AS last`);
	return row ?? { count: 0, lengthMs: 0 };
}

/** Keeps what is found. Found again while it goes on it is the same. */
export const judgeAllRunning =
	({ db, ids, onError }: { db: Db; ids: Ids; onError(error: unknown): void }) =>
	async (): Promise<void> => {
		const usual = new Map<string, Promise<Running['usual']>>();
		for (const { id, agencyId, clientId, staffId, now, rules, ...lasting } of await readActive(db))
			try {
				const own = usual.get(agencyId) ?? readUsual(db, agencyId);
				usual.set(agencyId, own);
				const found = judgeRunning({ ...lasting, usual: await own }, parseAlertRules(rules));
				const place = { at: now, staffId, clientId, impersonationId: id, span: id };
				await keepFound(
					db,
					ids,
					agencyId,
					found.map((one) => ({ ...place, ...one }))
				);
			} catch (error) {
				onError(error);
			}
	};
