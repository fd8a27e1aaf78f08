// The filtered action log as NDJSON with the chain's proof: each row as it was hashed, with its details and their salt, so that
// whoever holds the file recomputes every hash without us; and the newest signed head. Unfiltered, the rows also link one to
// the next, which proves that none is left out. The form is read by others: extended under a new word only [H4].
import { sql, type SQL } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import { chainTime, type ChainRow } from '#server/db/chain.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { actionsWhere, isWhole, type ActionFilters } from './action-filter.ts';

const FORMAT = 'switchback.actions.1';
const ROWS_AT_ONCE = 1_000;

type Head = {
	seq: string;
	rows: string;
	hash: string;
	signature: string;
	signedAt: string;
	publicKey: string;
};

/** `salt` and `details` are null once they were erased; the row's hash holds without them. */
type ProvenRow = ChainRow & { previous: string; hash: string; salt: string | null; details: string | null };

async function readHead(tx: Tx, agencyId: string): Promise<Head | null> {
	const [head] = await tx.execute<Head>(sql`
		SELECT h.seq::text AS seq, h.rows::text AS rows, encode(h.hash, 'hex') AS hash, encode(h.signature, 'base64') AS signature,
			${chainTime('h.signed_at')} AS "signedAt", k.public_key AS "publicKey"
		FROM signed_head h JOIN signing_key k ON k.id = h.key_id WHERE h.agency_id = ${agencyId} ORDER BY h.seq DESC LIMIT 1`);
	return head ?? null;
}

/** Oldest first, as the chain was made. */
async function* batches(db: Db, filter: SQL, upTo: string): AsyncGenerator<ProvenRow[]> {
	for (let edge = '0'; ;) {
		const rows = await db.execute<ProvenRow>(sql`
			SELECT a.seq::text AS seq, a.agency_id AS "agencyId", ${chainTime('a.at')} AS at, a.client_id AS "clientId",
				a.contact_id AS "contactId", a.actor_kind AS "actorKind", a.actor_staff_id AS "actorStaffId",
				a.impersonation_id AS "impersonationId", a.page_id AS "pageId", a.action, a.subject_type AS "subjectType",
				a.subject_id AS "subjectId", a.outcome, a.refusal, encode(a.details_hash, 'hex') AS "detailsHash",
				encode(a.previous_hash, 'hex') AS previous, encode(a.hash, 'hex') AS hash, encode(d.salt, 'hex') AS salt, d.details
			FROM action a LEFT JOIN action_details d ON d.seq = a.seq
			WHERE ${filter} AND a.seq > ${edge} AND a.seq <= ${upTo} ORDER BY a.seq LIMIT ${ROWS_AT_ONCE}`);
		if (rows.length > 0) yield [...rows];
		const last = rows.at(-1);
		if (!last || rows.length < ROWS_AT_ONCE) return;
		edge = last.seq;
	}
}

/** A failed batch breaks the download off, so that it never looks whole; the last line says how many rows there are. */
function ndjson(first: object, rows: AsyncGenerator<ProvenRow[]>): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	const line = (value: object): string => `${JSON.stringify(value)}\n`;
	let count = 0;
	return new ReadableStream({
		start: (controller) => controller.enqueue(encoder.encode(line(first))),
		async pull(controller) {
			const { done, value } = await rows.next();
			if (done) {
				controller.enqueue(encoder.encode(line({ end: true, rows: count })));
				return controller.close();
			}
			count += value.length;
			controller.enqueue(encoder.encode(value.map(line).join('')));
		},
		async cancel() {
			await rows.return(undefined);
		}
	});
}

/** @throws AppError `not_allowed` without the permission `actions.read` (logged) */
export const exportChain =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, filters: ActionFilters, origin: Origin): Promise<ReadableStream<Uint8Array>> => {
		const { before: _before, after: _after, ...chosen } = filters;
		const { agencyId } = actor;
		const { upTo, head } = await act(actor, { action: 'actions.exported', origin }, async (tx) => {
			const [row] = await tx.execute<{ seq: string }>(
				sql`SELECT seq::text AS seq FROM chain_head WHERE agency_id = ${agencyId}`
			);
			const value = { upTo: row?.seq ?? '0', head: await readHead(tx, agencyId) };
			return { value, details: { ...chosen, upToRow: value.upTo, form: 'ndjson' } };
		});
		const first = { format: FORMAT, agencyId, upToRow: upTo, whole: isWhole(filters), filters: chosen, head };
		return ndjson(first, batches(db, actionsWhere(agencyId, filters), upTo));
	};
