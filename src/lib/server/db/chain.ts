// The hash chain of the action log: how a row is written down, hashed and linked. Pure but for `appendRow`.
// The canonical form is stored for ever through its hashes: a new form needs a new version word [H4].
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Tx } from './types.ts';

export const GENESIS = Buffer.alloc(32);

/** A row as it is hashed; ids as lower-case UUIDs, `at` in UTC with microseconds, hashes as hex. */
export type ChainRow = {
	seq: string;
	agencyId: string;
	at: string;
	clientId: string | null;
	contactId: string | null;
	actorKind: string;
	actorStaffId: string | null;
	impersonationId: string | null;
	pageId: string | null;
	action: string;
	subjectType: string | null;
	subjectId: string | null;
	outcome: 'done' | 'refused';
	refusal: string | null;
	detailsHash: string;
};

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return hash.digest();
};

/** SHA-256 of the JSON array of all fields in this order, the previous row's hash last. */
export const hashRow = (row: ChainRow, previous: Buffer): Buffer =>
	sha256(
		JSON.stringify([
			'switchback.action.1',
			row.seq,
			row.agencyId,
			row.at,
			row.clientId,
			row.contactId,
			row.actorKind,
			row.actorStaffId,
			row.impersonationId,
			row.pageId,
			row.action,
			row.subjectType,
			row.subjectId,
			row.outcome,
			row.refusal,
			row.detailsHash,
			previous.toString('hex')
		])
	);

/** What a row keeps of its details; the salt stops anyone from guessing erased details. */
export const hashDetails = (salt: Buffer, details: string): Buffer => sha256(salt, details);

export type NewRow = Omit<ChainRow, 'seq' | 'at' | 'detailsHash'> & { details: Record<string, unknown> };

/** Text of an instant as the chain holds it. */
export const chainTime = (column: string) =>
	sql.raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

type Head = { hash: Buffer; seq: string; at: string };

/**
 * Takes the agency's chain head. It is the last lock of every change, so rows stand in the order of their numbers and
 * no two transactions can wait for each other.
 */
async function lockHead(tx: Tx, agencyId: string): Promise<Head> {
	// The CTE is materialized: number and time are taken after the lock is held, never before.
	const lock = sql`WITH head AS MATERIALIZED (SELECT hash FROM chain_head WHERE agency_id = ${agencyId} FOR UPDATE)
		SELECT head.hash, nextval('action_seq')::text AS seq, ${chainTime('clock_timestamp()')} AS at FROM head`;
	const [head] = await tx.execute<Head>(lock);
	if (head) return head;
	await tx.execute(
		sql`INSERT INTO chain_head (agency_id, seq, rows, hash) VALUES (${agencyId}, 0, 0, ${GENESIS}) ON CONFLICT DO NOTHING`
	);
	return lockHead(tx, agencyId);
}

/**
 * Links one row to the agency's chain inside the caller's transaction. @returns its number
 * The time goes in as text: the driver would cut a date to milliseconds, and the hash is over microseconds.
 */
export async function appendRow(tx: Tx, row: NewRow): Promise<string> {
	const salt = randomBytes(16);
	const details = JSON.stringify(row.details);
	const detailsHash = hashDetails(salt, details);
	const head = await lockHead(tx, row.agencyId);
	const hash = hashRow(
		{ ...row, seq: head.seq, at: head.at, detailsHash: detailsHash.toString('hex') },
		head.hash
	);
	await tx.execute(sql`
		WITH link AS (
			INSERT INTO action (seq, agency_id, at, client_id, contact_id, actor_kind, actor_staff_id, impersonation_id,
				page_id, action, subject_type, subject_id, outcome, refusal, details_hash, previous_hash, hash)
			VALUES (${head.seq}, ${row.agencyId}, ${head.at}::text::timestamptz, ${row.clientId}, ${row.contactId},
				${row.actorKind}, ${row.actorStaffId}, ${row.impersonationId}, ${row.pageId}, ${row.action},
				${row.subjectType}, ${row.subjectId}, ${row.outcome}, ${row.refusal}, ${detailsHash}, ${head.hash}, ${hash})
		), side AS (
			INSERT INTO action_details (seq, agency_id, client_id, salt, details)
			VALUES (${head.seq}, ${row.agencyId}, ${row.clientId}, ${salt}, ${details})
		)
		UPDATE chain_head SET seq = ${head.seq}, rows = rows + 1, hash = ${hash} WHERE agency_id = ${row.agencyId}`);
	return head.seq;
}
