// Who stands behind a connection to /record: the impersonation cookie and the page ticket of the handshake, nothing the
// page says about itself [R1]. Limits and what may be sent are the hub's.
import { sql } from 'drizzle-orm';
import { isMilder, type MaskingProfile } from '#domain/masking.ts';
import { policySchema } from '#domain/policy.ts';
import type { AgencyId, ImpersonationId, PageId, StaffId } from '#domain/ids.ts';
import { FLUSH_AFTER_END_MS, type Refusal } from '#protocol/index.ts';
import type { Db } from '#server/db/types.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';

export type RecorderIdentity = {
	agencyId: AgencyId;
	impersonationId: ImpersonationId;
	staffId: StaffId;
	pageId: PageId;
	/** Highest number of the page in a sealed block, -1 before the first. */
	sealedSeq: number;
	page: { openedAt: number; address: string; title: string; hasSnapshot: boolean };
};

export type ResolvedRecorder = { ok: true; identity: RecorderIdentity } | { ok: false; refusal: Refusal };

export type ResolveRecorderDependencies = {
	db: Db;
	readImpersonationToken(cookieHeader: string | undefined): string | null;
	verifyPageTicket(ticket: string): { impersonationId: string; pageId: string } | null;
};

type Row = {
	id: ImpersonationId;
	agency_id: AgencyId;
	staff_id: StaffId;
	open: boolean;
	page_id: PageId | null;
	opened_at: number;
	address: string;
	title: string;
	has_snapshot: boolean;
	sealed_seq: number;
	masking: MaskingProfile | null;
	policy: unknown;
};

const no = (refusal: Refusal): ResolvedRecorder => ({ ok: false, refusal });

/** Resolves the handshake of a recording page, or says why it is refused. */
export const resolveRecorder =
	({ db, readImpersonationToken, verifyPageTicket }: ResolveRecorderDependencies) =>
	async (input: { cookieHeader: string | undefined; ticket: string }): Promise<ResolvedRecorder> => {
		const token = readImpersonationToken(input.cookieHeader);
		const ticket = verifyPageTicket(input.ticket);
		if (!token || !ticket) return no('not_signed_in');
		const tokenHash = hashSecret(token).toString('hex');
		const [row] = await db.execute<Row>(sql`
			SELECT i.id, i.agency_id, i.staff_id,
				i.state = 'active' OR (i.state = 'ended'
					AND i.ended_at > clock_timestamp() - make_interval(secs => ${FLUSH_AFTER_END_MS / 1000})) AS open,
				g.id AS page_id, (extract(epoch FROM g.opened_at) * 1000)::float8 AS opened_at, g.address, g.title,
				g.snapshot_at IS NOT NULL AS has_snapshot, g.sealed_seq, g.masking, a.policy
			FROM impersonation i JOIN agency a ON a.id = i.agency_id LEFT JOIN page g ON g.id = ${ticket.pageId} AND g.impersonation_id = i.id
			WHERE i.token_hash = decode(${tokenHash}, 'hex')`);
		if (!row) return no('not_signed_in');
		// Attack: a ticket of one impersonation beside the cookie of another would write into a foreign recording.
		if (row.id !== ticket.impersonationId || !row.page_id) return no('wrong_page');
		if (!row.open) return no('impersonation_over');
		// The rule became stricter while the page loaded: it would show what must not be recorded any more. What it began
		// to record under the old rule it may finish.
		if (!row.has_snapshot && isMilder(row.masking ?? 'personal', policySchema.parse(row.policy).masking))
			return no('client_too_old');
		return {
			ok: true,
			identity: {
				agencyId: row.agency_id,
				impersonationId: row.id,
				staffId: row.staff_id,
				pageId: row.page_id,
				sealedSeq: row.sealed_seq,
				page: {
					openedAt: row.opened_at,
					address: row.address,
					title: row.title,
					hasSnapshot: row.has_snapshot
				}
			}
		};
	};
