// Recomputes an agency's chain and compares it with its signed heads. Reads in pages, so that its memory stays flat.
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import { chainTime, GENESIS, hashDetails, hashRow, type ChainRow } from '#server/db/chain.ts';
import type { Db } from '#server/db/types.ts';
import { headBytes } from './sign-heads.ts';

/** `to` is the last row's number, "0" for an empty chain. `fault` says what is wrong with row `brokenAt`. */
export type ChainState =
	{ whole: true; to: string; rows: number } | { whole: false; brokenAt: string; fault: string };

const PAGE = 2_000;

type StoredRow = {
	[Key in keyof ChainRow]: ChainRow[Key];
} & {
	previous: Buffer;
	hash: Buffer;
	stored_details_hash: Buffer;
	salt: Buffer | null;
	details: string | null;
};

const rowsAfter = (db: Db, agencyId: AgencyId, seq: string) =>
	db.execute<StoredRow>(sql`
		SELECT a.seq::text AS seq, a.agency_id AS "agencyId", ${chainTime('a.at')} AS at, a.client_id AS "clientId",
			a.contact_id AS "contactId", a.actor_kind AS "actorKind", a.actor_staff_id AS "actorStaffId",
			a.impersonation_id AS "impersonationId", a.page_id AS "pageId", a.action, a.subject_type AS "subjectType",
			a.subject_id AS "subjectId", a.outcome, a.refusal, encode(a.details_hash, 'hex') AS "detailsHash",
			a.previous_hash AS previous, a.hash, a.details_hash AS stored_details_hash, d.salt, d.details
		FROM action a LEFT JOIN action_details d ON d.seq = a.seq
		WHERE a.agency_id = ${agencyId} AND a.seq > ${seq} ORDER BY a.seq LIMIT ${PAGE}`);

function faultOf(row: StoredRow, previous: Buffer): string | null {
	if (!row.previous.equals(previous)) return 'a row before it is missing or was changed';
	const { previous: _p, hash, stored_details_hash: _h, salt, details, ...chainRow } = row;
	if (!hashRow(chainRow, previous).equals(hash)) return 'it was changed';
	// Erased details are gone on purpose; details that are there must be the ones that were hashed.
	if (salt && details !== null && !hashDetails(salt, details).equals(row.stored_details_hash))
		return 'its details were changed';
	return null;
}

type SignedHead = { seq: string; rows: string; hash: Buffer; signature: Buffer; public_key: string };

async function readHeads(db: Db, agencyId: AgencyId): Promise<Map<string, SignedHead>> {
	const rows = await db.execute<SignedHead>(sql`
		SELECT h.seq::text AS seq, h.rows::text AS rows, h.hash, h.signature, k.public_key
		FROM signed_head h JOIN signing_key k ON k.id = h.key_id WHERE h.agency_id = ${agencyId} ORDER BY h.seq`);
	return new Map(rows.map((row) => [row.seq, row]));
}

function isSigned(agencyId: AgencyId, head: SignedHead, trusted: KeyObject | null): boolean {
	// The installation's own key, when it is at hand: a key written into the database by a forger proves nothing.
	const key = trusted ?? createPublicKey(head.public_key);
	return verify(
		null,
		headBytes({ agencyId, seq: head.seq, rows: head.rows, hash: head.hash }),
		key,
		head.signature
	);
}

const brokenHead = (head: SignedHead): ChainState => ({
	whole: false,
	brokenAt: head.seq,
	fault: 'the signed head does not fit it'
});

type Question = { db: Db; agencyId: AgencyId; trusted: KeyObject | null };

/** Walks one agency's whole chain. */
export async function verifyChain({ db, agencyId, trusted }: Question): Promise<ChainState> {
	const heads = await readHeads(db, agencyId);
	let previous: Buffer = GENESIS;
	let last = '0';
	let count = 0;
	for (;;) {
		const rows = await rowsAfter(db, agencyId, last);
		for (const row of rows) {
			const fault = faultOf(row, previous);
			if (fault) return { whole: false, brokenAt: row.seq, fault };
			count += 1;
			const head = heads.get(row.seq);
			if (
				head &&
				(!head.hash.equals(row.hash) || Number(head.rows) !== count || !isSigned(agencyId, head, trusted))
			)
				return brokenHead(head);
			heads.delete(row.seq);
			previous = row.hash;
			last = row.seq;
		}
		if (rows.length < PAGE) break;
	}
	// A head that no row answers to: rows were cut off the end.
	for (const head of heads.values()) return brokenHead(head);
	return requireTip(db, agencyId, { last, previous, count });
}

type Tip = { last: string; previous: Buffer; count: number };

async function requireTip(db: Db, agencyId: AgencyId, tip: Tip): Promise<ChainState> {
	const [head] = await db.execute<{ seq: string; hash: Buffer }>(
		sql`SELECT seq::text AS seq, hash FROM chain_head WHERE agency_id = ${agencyId}`
	);
	if (!head) return { whole: true, to: tip.last, rows: tip.count };
	// Rows may have come since the last page was read; what must not be is a head that lies behind the rows.
	const isBehind = BigInt(head.seq) < BigInt(tip.last);
	const differs = head.seq === tip.last && tip.count > 0 && !head.hash.equals(tip.previous);
	const cut = BigInt(head.seq) > BigInt(tip.last) && !(await rowExists(db, agencyId, head.seq));
	if (isBehind || differs || cut)
		return { whole: false, brokenAt: head.seq, fault: 'the chain does not end there' };
	return { whole: true, to: tip.last, rows: tip.count };
}

async function rowExists(db: Db, agencyId: AgencyId, seq: string): Promise<boolean> {
	const rows = await db.execute(sql`SELECT FROM action WHERE agency_id = ${agencyId} AND seq = ${seq}`);
	return rows.length > 0;
}
