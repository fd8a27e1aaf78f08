// The hash chain of the action log: how a row is written down, hashed and linked. Pure but for `appendRow`.
// The canonical form is stored for ever through its hashes: a new form needs a new version word [H4].
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import type { JobRequest } from '#server/jobs/catalogue.ts';

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

/** For to_char: UTC with microseconds. The driver's dates would be cut to milliseconds. */
const CHAIN_TIME = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';

/** Text of an instant as the chain holds it. */
export const chainTime = (column: string) =>
	sql.raw(`to_char(${column} AT TIME ZONE 'UTC', '${CHAIN_TIME}')`);

/**
 * The hashed text in four pieces, between which stand what only the database knows once it holds the chain's head: the
 * row's number, its time and the previous hash, none of which JSON would escape. A test holds it to `hashRow`.
 */
export function textAround(row: Omit<ChainRow, 'seq' | 'at'>): [string, string, string, string] {
	const after = [
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
		row.detailsHash
	];
	const rest = JSON.stringify(after).slice(1, -1);
	return ['["switchback.action.1","', `",${JSON.stringify(row.agencyId)},"`, `",${rest},"`, '"]'];
}

/**
 * Takes the agency's head, numbers, stamps, hashes and links the row in one statement, so that the head is not held
 * while answers travel. The head is the last lock of every change: no two can wait for each other.
 * - Number and time are taken above the materialized head, so never before its lock is held: rows stand in the order of
 *   their numbers.
 * - A missing head leaves `previous` null, which the table refuses: no change passes without its link.
 */
const APPEND = `
	WITH head AS MATERIALIZED (SELECT hash FROM chain_head WHERE agency_id = $1 FOR UPDATE),
	stamped AS MATERIALIZED (
		SELECT nextval('action_seq') AS seq, clock_timestamp() AS at, head.hash AS previous
		FROM (VALUES (true)) AS once LEFT JOIN head ON true
	), linked AS MATERIALIZED (
		SELECT seq, at, previous, sha256(convert_to(concat($2::text, seq, $3::text,
			to_char(at AT TIME ZONE 'UTC', '${CHAIN_TIME}'), $4::text, encode(previous, 'hex'), $5::text), 'UTF8')) AS hash
		FROM stamped
	), link AS (
		INSERT INTO action (seq, agency_id, at, client_id, contact_id, actor_kind, actor_staff_id, impersonation_id, page_id,
			action, subject_type, subject_id, outcome, refusal, details_hash, previous_hash, hash)
		SELECT seq, $1, at, $6::uuid, $7::uuid, $8::text, $9::uuid, $10::uuid, $11::uuid, $12::text, $13::text, $14::uuid,
			$15::text, $16::text, $17::bytea, previous, hash FROM linked
	), side AS (
		INSERT INTO action_details (seq, agency_id, client_id, salt, details)
		SELECT seq, $1, $6::uuid, $18::bytea, $19::text FROM linked
	), job AS (
		INSERT INTO outbox (kind, payload) SELECT 'job', jsonb_build_object('kind', 'job', 'job',
			jsonb_build_object('name', $20::text, 'data', jsonb_build_object('seqs', jsonb_build_array(seq::text)))) FROM linked WHERE $20 IS NOT NULL
	)
	UPDATE chain_head h SET seq = linked.seq, rows = h.rows + 1, hash = linked.hash FROM linked WHERE h.agency_id = $1
	RETURNING h.seq::text AS seq`;

/** The jobs that are told the rows' numbers, which only the database knows. */
export type JobOfRow = Extract<JobRequest, { data: { seqs: string[] } }>['name'];

/**
 * Links one row to the agency's chain in the open transaction, and asks for the job that is to follow from it.
 * Handed to the connection at once. @returns the row's number
 */
export async function appendRow(
	scope: postgres.TransactionSql,
	row: NewRow,
	job: JobOfRow | null
): Promise<string> {
	const salt = randomBytes(16);
	const details = JSON.stringify(row.details);
	const detailsHash = hashDetails(salt, details);
	const texts = textAround({ ...row, detailsHash: detailsHash.toString('hex') });
	const account = [
		row.clientId,
		row.contactId,
		row.actorKind,
		row.actorStaffId,
		row.impersonationId,
		row.pageId
	];
	const deed = [row.action, row.subjectType, row.subjectId, row.outcome, row.refusal];
	const values = [row.agencyId, ...texts, ...account, ...deed, detailsHash, salt, details, job];
	const [link] = await scope.unsafe<{ seq: string }[]>(APPEND, values, { prepare: true }).execute();
	if (!link) throw new Error('the chain head vanished');
	return link.seq;
}
