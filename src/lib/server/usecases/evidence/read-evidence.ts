// What the page of evidence packs shows before one is made: what would be in it, and which were made before.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId, requirePermission } from '../recordings/require-permission.ts';

export type EarlierPack = { at: number; by: string | null; reason: string; sha256: string; bytes: number };

export type EvidencePage = {
	id: string;
	client: string;
	contact: string;
	staff: string;
	startedAt: number;
	endedAt: number | null;
	pages: number;
	erasedPages: number;
	blocks: number;
	actions: number;
	views: number;
	keyFingerprint: string;
	earlier: EarlierPack[];
};

/** The latest; the log has them all. */
const MAX_EARLIER = 20;

type EarlierRow = Omit<EarlierPack, 'reason' | 'sha256' | 'bytes'> & { details: string | null };

/** What was noted, in the words of the log; nothing where they were erased. */
function toEarlier({ at, by, details }: EarlierRow): EarlierPack {
	const known = JSON.parse(details ?? '{}') as { reason?: string; sha256?: string; bytes?: number };
	return { at, by, reason: known.reason ?? '', sha256: known.sha256 ?? '', bytes: known.bytes ?? 0 };
}

async function readEarlier(db: Db, agencyId: string, id: string): Promise<EarlierPack[]> {
	const rows = await db.execute<EarlierRow>(sql`
		SELECT (extract(epoch FROM x.at) * 1000)::float8 AS at, s.name AS by, d.details FROM action x
		LEFT JOIN action_details d ON d.seq = x.seq LEFT JOIN staff s ON s.id = x.actor_staff_id
		WHERE x.impersonation_id = ${id} AND x.agency_id = ${agencyId} AND x.action = 'evidence.exported' AND x.outcome = 'done'
		ORDER BY x.seq DESC LIMIT ${MAX_EARLIER}`);
	return rows.map(toEarlier);
}

type Counts = Pick<EvidencePage, 'pages' | 'erasedPages' | 'blocks' | 'actions' | 'views'>;

async function readCounts(db: Db, agencyId: string, id: string): Promise<Counts> {
	const [row] = await db.execute<Counts>(sql`
		SELECT (SELECT count(*)::int FROM page WHERE impersonation_id = ${id} AND agency_id = ${agencyId}) AS pages,
			(SELECT count(*)::int FROM page WHERE impersonation_id = ${id} AND agency_id = ${agencyId} AND erased_at IS NOT NULL) AS "erasedPages",
			(SELECT count(*)::int FROM block WHERE impersonation_id = ${id} AND agency_id = ${agencyId}) AS blocks,
			(SELECT count(*)::int FROM action WHERE impersonation_id = ${id} AND agency_id = ${agencyId}) AS actions,
			(SELECT count(*)::int FROM view WHERE impersonation_id = ${id} AND agency_id = ${agencyId}) AS views`);
	return row ?? { pages: 0, erasedPages: 0, blocks: 0, actions: 0, views: 0 };
}

/** @throws AppError `not_allowed` without the permissions `review` and `evidence`; `not_found` */
export const readEvidence =
	({ db, keyFingerprint }: { db: Db; keyFingerprint: string }) =>
	async (actor: StaffActor, impersonationId: string): Promise<EvidencePage> => {
		await requirePermission(db, actor, 'review');
		await requirePermission(db, actor, 'evidence');
		const { agencyId } = actor;
		const head = await readHead(db, agencyId, requireId(impersonationId));
		const [counts, earlier] = [
			await readCounts(db, agencyId, head.id),
			await readEarlier(db, agencyId, head.id)
		];
		const { id, client, contact, staff, started_at: startedAt, ended_at: endedAt } = head;
		return { id, client, contact, staff, startedAt, endedAt, ...counts, keyFingerprint, earlier };
	};
