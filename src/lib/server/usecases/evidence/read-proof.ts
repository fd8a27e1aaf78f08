// Rows of the log for an evidence pack: those of one impersonation whole, with their words; and the way from each to the next signed head,
// on which rows of others are told by their hashes alone.
import { sign, verify, type KeyObject } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { AgencyId } from '#domain/ids.ts';
import { chainTime, type ChainRow } from '#server/db/chain.ts';
import type { Reader } from '#server/db/types.ts';
import { blindLink } from '#server/evidence/chain-proof.ts';
import {
	ERASURE,
	KEPT_BACK,
	type ChainLink,
	type PackedRow,
	type PackedView
} from '#server/evidence/pack-format.ts';
import { headBytes } from '../log/sign-heads.ts';

export type Whose = { agencyId: AgencyId; impersonationId: string };

/** An hour of a busy agency is a few thousand rows; what needs more than this is no pack that anybody could read. */
const MAX_LINKS = 400_000;
const AT_ONCE = 2_000;

const COLUMNS = sql`a.seq::text AS seq, a.agency_id AS "agencyId", ${chainTime('a.at')} AS at, a.client_id AS "clientId",
	a.contact_id AS "contactId", a.actor_kind AS "actorKind", a.actor_staff_id AS "actorStaffId",
	a.impersonation_id AS "impersonationId", a.page_id AS "pageId", a.action, a.subject_type AS "subjectType",
	a.subject_id AS "subjectId", a.outcome, a.refusal, encode(a.details_hash, 'hex') AS "detailsHash"`;

/** The row that says that the client was erased, and with it the words of other rows; null where it was not. */
async function readErasure(reader: Reader, { agencyId, impersonationId }: Whose): Promise<string | null> {
	const [row] = await reader.execute<{ seq: string }>(sql`
		SELECT a.seq::text AS seq FROM impersonation i JOIN client c ON c.id = i.client_id AND c.erased_at IS NOT NULL
		JOIN action a ON a.client_id = c.id AND a.agency_id = i.agency_id AND a.action = ${ERASURE} AND a.outcome = 'done'
		WHERE i.id = ${impersonationId} AND i.agency_id = ${agencyId} ORDER BY a.seq DESC LIMIT 1`);
	return row?.seq ?? null;
}

/** Attack: whoever is given a pack reads in it from where the agency's people looked at it, and what they thought. */
const withoutOwnAffairs = (row: PackedRow): PackedRow =>
	KEPT_BACK.has(row.action) ? { ...row, salt: null, details: null } : row;

/** Every row of the impersonation, what was done to its recording later too, in the order of the chain. */
export async function* readOwnRows(reader: Reader, whose: Whose): AsyncGenerator<PackedRow> {
	const erasure = await readErasure(reader, whose);
	const own = sql`a.impersonation_id = ${whose.impersonationId}`;
	const which = erasure === null ? own : sql`(${own} OR a.seq = ${erasure}::bigint)`;
	for (let after = '0'; ;) {
		const rows = await reader.execute<PackedRow>(sql`
			SELECT ${COLUMNS}, encode(a.previous_hash, 'hex') AS previous, encode(a.hash, 'hex') AS hash,
				translate(encode(d.salt, 'base64'), E'\n', '') AS salt, d.details
			FROM action a LEFT JOIN action_details d ON d.seq = a.seq
			WHERE ${which} AND a.agency_id = ${whose.agencyId} AND a.seq > ${after}
			ORDER BY a.seq LIMIT ${AT_ONCE}`);
		yield* rows.map(withoutOwnAffairs);
		const last = rows.at(-1);
		if (!last || rows.length < AT_ONCE) return;
		after = last.seq;
	}
}

type StoredHead = { seq: string; rows: string; hash: string; signature: string; public_key: string };

async function headAfter(reader: Reader, agencyId: AgencyId, seq: string): Promise<StoredHead> {
	const [head] = await reader.execute<StoredHead>(sql`
		SELECT h.seq::text AS seq, h.rows::text AS rows, encode(h.hash, 'hex') AS hash,
			translate(encode(h.signature, 'base64'), E'\n', '') AS signature, k.public_key
		FROM signed_head h JOIN signing_key k ON k.id = h.key_id
		WHERE h.agency_id = ${agencyId} AND h.seq >= ${seq} ORDER BY h.seq LIMIT 1`);
	if (!head) throw new AppError('try_later', 'The log is being signed. Try it again in a minute.');
	return head;
}

type LinkRow = ChainRow & { previous: string };

const rowsUpTo = (reader: Reader, agencyId: AgencyId, { from, to }: { from: string; to: string }) =>
	reader.execute<LinkRow>(sql`
		SELECT ${COLUMNS}, encode(a.previous_hash, 'hex') AS previous FROM action a
		WHERE a.agency_id = ${agencyId} AND a.seq >= ${from} AND a.seq <= ${to} ORDER BY a.seq LIMIT ${AT_ONCE}`);

type Signer = { privateKey: KeyObject; publicPem: string };

/** Signed with the key the pack is signed with: one that an earlier key signed is signed again. */
function headLink(agencyId: AgencyId, head: StoredHead, { privateKey, publicPem }: Signer): ChainLink {
	const { public_key: publicKey, ...facts } = head;
	if (publicKey === publicPem) return { head: facts };
	const bytes = headBytes({ ...facts, agencyId, hash: Buffer.from(facts.hash, 'hex') });
	// Attack: a head that somebody wrote into the table under an old key's name would leave here with a signature that holds.
	if (!verify(null, bytes, publicKey, Buffer.from(facts.signature, 'base64')))
		throw new AppError(
			'conflict',
			`The head at row ${facts.seq} has a signature that does not fit, so no pack was made. Run npm run verify-log.`
		);
	return { head: { ...facts, signature: sign(null, bytes, privateKey).toString('base64') } };
}

/** The stretches of the chain from each own row to the head that was signed next; of rows that one stretch holds, once. */
export async function* readLinks(
	reader: Reader,
	{ whose, seqs, signer }: { whose: Whose; seqs: readonly string[]; signer: Signer }
): AsyncGenerator<ChainLink> {
	const { agencyId } = whose;
	const own = new Set(seqs);
	let reached = 0n;
	let links = 0;
	for (const seq of seqs) {
		if (BigInt(seq) <= reached) continue;
		const head = await headAfter(reader, agencyId, seq);
		for (let from = seq; ;) {
			const rows = await rowsUpTo(reader, agencyId, { from, to: head.seq });
			const [first] = rows;
			if (first?.seq === seq) yield { start: first.previous };
			for (const row of rows) yield own.has(row.seq) ? { row: row.seq } : blindLink(row);
			links += rows.length;
			if (links > MAX_LINKS)
				throw new AppError('too_large', 'The log is too busy at that time for the proof to fit in a pack.');
			const last = rows.at(-1);
			if (!last || rows.length < AT_ONCE) break;
			from = String(BigInt(last.seq) + 1n);
		}
		yield headLink(agencyId, head, signer);
		reached = BigInt(head.seq);
	}
}

/** What was looked at, in the order in which the row of the end hashed it. */
export async function readPackedViews(reader: Reader, whose: Whose): Promise<PackedView[]> {
	const rows = await reader.execute<PackedView>(sql`
		SELECT v.id, ${chainTime('v.at')} AS at, v.kind, v.address, v.subject_type AS "subjectType", v.subject_id AS "subjectId",
			v.status, v.subject_label AS label
		FROM view v WHERE v.impersonation_id = ${whose.impersonationId} AND v.agency_id = ${whose.agencyId} ORDER BY v.at, v.id`);
	return [...rows];
}
