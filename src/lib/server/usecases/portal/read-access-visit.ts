// One visit of the agency, whole: every page looked at and everything done, in the order it happened.
import { sql } from 'drizzle-orm';
import { actionTitle } from '#domain/actions.ts';
import type { PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { DraftId, ImpersonationId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import {
	FACT_COLUMNS,
	FACT_TABLES,
	INSIDE,
	labelsOf,
	toFacts,
	visitsOf,
	type AccessFacts,
	type FactRow
} from './access-rows.ts';
import { pageName } from './access-sentence.ts';
import { epochMs, requireArea, requireId } from './scope.ts';

export const VISIT_PAGE_SIZE = 50;

export type VisitEntry = { at: number; kind: 'viewed' | 'done' | 'refused'; text: string };
export type PreparedThen = { id: DraftId; label: string; state: string; decidedBy: string | null };
export type AccessVisit = AccessFacts & { entries: VisitEntry[]; total: number; prepared: PreparedThen[] };

type Row = {
	at: string;
	what: string;
	outcome: 'viewed' | 'done' | 'refused';
	label: string | null;
	total: number;
};

const timeline = (db: Db, id: ImpersonationId, page: number) =>
	db.execute<Row>(sql`
		WITH i AS (SELECT ${id}::uuid AS id)
		SELECT ${epochMs('t.at')} AS at, t.what, t.outcome, t.label, (count(*) OVER ())::int AS total FROM (
			SELECT v.at, v.address AS what, 'viewed' AS outcome, v.subject_label AS label, 0::bigint AS seq
			FROM view v, i WHERE v.impersonation_id = i.id AND v.status < 400
			UNION ALL
			SELECT a.at, a.action, a.outcome, x.details::jsonb ->> 'subject', a.seq
			FROM i, action a LEFT JOIN action_details x ON x.seq = a.seq WHERE ${INSIDE}
		) t ORDER BY t.at, t.seq LIMIT ${VISIT_PAGE_SIZE} OFFSET ${(page - 1) * VISIT_PAGE_SIZE}`);

function toEntry({ at, what, outcome, label }: Row, labels: Record<string, string>): VisitEntry {
	const name = outcome === 'viewed' ? pageName(what, labels) : actionTitle(what, outcome);
	return { at: Number(at), kind: outcome, text: label ? `${name}: ${label}` : name };
}

/** @throws AppError `not_found`: another account's, or one that was made as somebody else, unless the reader is an owner */
export const readAccessVisit =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, visitId: string, page: number): Promise<AccessVisit> => {
		const view = await requireArea(db, actor, 'access-history');
		const id = requireId<ImpersonationId>(visitId, 'visit');
		const [row] = await db.execute<FactRow>(
			sql`SELECT ${FACT_COLUMNS} FROM ${FACT_TABLES} WHERE ${visitsOf(actor, view)} AND i.id = ${id}`
		);
		if (!row) throw new AppError('not_found', 'There is no such visit.');
		const [entries, prepared] = await Promise.all([
			timeline(db, id, page),
			db.execute<PreparedThen>(sql`
				SELECT d.id, d.label, d.state, k.name AS "decidedBy" FROM draft d LEFT JOIN contact k ON k.id = d.decided_by
				WHERE d.impersonation_id = ${id} ORDER BY d.created_at, d.id LIMIT ${VISIT_PAGE_SIZE}`)
		]);
		const labels = labelsOf(view);
		return {
			...toFacts(row),
			prepared: [...prepared],
			total: entries[0]?.total ?? 0,
			entries: entries.map((entry) => toEntry(entry, labels))
		};
	};
