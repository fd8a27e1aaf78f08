// The action log: rows in the order of their numbers, hashed and linked here exactly as the gate does it, and copied in.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type postgres from 'postgres';
import { GENESIS, hashDetails, hashRow, type ChainRow } from '#server/db/chain.ts';
import { ROWS_PER_CLIENT, STAFF, YEARS, type Scale } from './large-scale.ts';

/** The same as the seeding session's `uid`. */
export function uid(kind: string, n: number): string {
	const hex = createHash('md5').update(`${kind}${n}`).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Ids are asked for again and again; making one costs as much as hashing the row. */
const uids = (kind: string, count: number): string[] =>
	Array.from({ length: count }, (_, n) => uid(kind, n + 1));

const pick = <T>(all: readonly T[], n: number): T => all[n % all.length] as T;

const DONE = [
	'task.created',
	'task.completed',
	'task.commented',
	'file.uploaded',
	'task.edited',
	'message.sent'
];
const RARE = ['order.placed', 'invoice.sent', 'file.deleted', 'subscription.paused'];
const YEAR_MS = 365 * 86_400_000;

type Cast = { agencyId: string; clients: string[]; contacts: string[]; staff: string[]; visits: string[] };

/** Row `n`, counted from 1: who and what follow from its number, unlike its neighbours'. */
function rowOf(cast: Cast, n: number, at: string): Omit<ChainRow, 'detailsHash'> {
	const mixed = Math.imul(n, 0x9e3779b1) >>> 0;
	// Three rows in twenty were done while impersonating; the visits lie along the log in their own order.
	const inside = mixed % 20 < 3;
	const visit = inside ? (n % cast.visits.length) + 1 : 0;
	const client = inside ? visit % cast.clients.length : mixed % cast.clients.length;
	const byStaff = !inside && mixed % 20 < 8;
	const refused = inside && mixed % 300 === 1;
	return {
		seq: String(n),
		agencyId: cast.agencyId,
		at,
		clientId: pick(cast.clients, client),
		contactId: byStaff ? null : pick(cast.contacts, client),
		actorKind: inside ? 'impersonation' : byStaff ? 'staff' : 'client',
		actorStaffId: inside || byStaff ? pick(cast.staff, inside ? visit : mixed >>> 8) : null,
		impersonationId: inside ? pick(cast.visits, visit - 1) : null,
		pageId: null,
		action: mixed % 997 === 0 ? pick(RARE, mixed >>> 10) : pick(DONE, mixed >>> 10),
		subjectType: 'task',
		subjectId: pick(cast.visits, mixed),
		outcome: refused ? 'refused' : 'done',
		refusal: refused ? 'view_only' : null
	};
}

const COLUMNS = `seq, agency_id, at, client_id, contact_id, actor_kind, actor_staff_id, impersonation_id, page_id, action,
	subject_type, subject_id, outcome, refusal, details_hash, previous_hash, hash`;

const line = (cells: readonly (string | null)[]): string =>
	`${cells.map((cell) => cell ?? String.raw`\N`).join('\t')}\n`;
const bytea = (bytes: Buffer): string => String.raw`\\x` + bytes.toString('hex');

/** Rows are written down in pieces of this many: one write for each would cost more than the row. */
const PIECE = 2_000;

async function send(stream: NodeJS.WritableStream, text: string): Promise<void> {
	if (!stream.write(text)) await once(stream, 'drain');
}

/** Copies the whole chain in; the log must be empty. */
export async function seedLog(
	owner: postgres.Sql,
	agencyId: string,
	{ clients }: Scale,
	each: { action: number; impersonation: number } = ROWS_PER_CLIENT
): Promise<void> {
	const rows = clients * each.action;
	const cast: Cast = {
		agencyId,
		clients: uids('client', clients),
		contacts: uids('contact', clients),
		staff: uids('staff', STAFF),
		visits: uids('impersonation', clients * each.impersonation)
	};
	const from = Date.now() - YEARS * YEAR_MS;
	const step = (YEARS * YEAR_MS - 3_600_000) / rows;
	// Two streams, hence two connections of the owner's.
	const actions = await owner.unsafe(`COPY action (${COLUMNS}) FROM STDIN`).writable();
	const sides = await owner
		.unsafe('COPY action_details (seq, agency_id, client_id, salt, details) FROM STDIN')
		.writable();
	let previous: Buffer = GENESIS;
	for (let first = 1; first <= rows; first += PIECE) {
		let [actionLines, sideLines] = ['', ''];
		for (let n = first; n < Math.min(first + PIECE, rows + 1); n += 1) {
			const at = `${new Date(from + n * step).toISOString().slice(0, -1)}000Z`;
			const salt = createHash('md5').update(`salt${n}`).digest();
			const details = `{"subject":"Task ${n}","ip":null}`;
			const hashed = hashDetails(salt, details);
			const row: ChainRow = { ...rowOf(cast, n, at), detailsHash: hashed.toString('hex') };
			const hash = hashRow(row, previous);
			const { detailsHash: _, ...plain } = row;
			actionLines += line([...Object.values(plain), bytea(hashed), bytea(previous), bytea(hash)]);
			sideLines += line([row.seq, agencyId, row.clientId, bytea(salt), details]);
			previous = hash;
		}
		await Promise.all([send(actions, actionLines), send(sides, sideLines)]);
	}
	const ended = [once(actions, 'finish'), once(sides, 'finish')];
	actions.end();
	sides.end();
	await Promise.all(ended);
	await owner`UPDATE chain_head SET seq = ${rows}, rows = ${rows}, hash = ${previous} WHERE agency_id = ${agencyId}`;
	await owner`SELECT setval('action_seq', ${rows})`;
}
