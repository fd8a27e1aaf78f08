// How many changes a second sixteen writers of one agency get through the gate, each with its link in the one chain; against
// the same inserts in plain transactions. Contacts of sixteen clients, since that is who writes at once.
import { sql } from 'drizzle-orm';
import type { ClientActor } from '#domain/actor.ts';
import type { Composed } from '#server/compose.ts';
import { rounded, type Figure } from './figure.ts';

const WRITERS = 16;
const ROUND_MS = 1_500;
/** The first of them warms up and does not count. */
const ROUNDS = 5;

type Write = (actor: ClientActor) => Promise<unknown>;

async function contacts({ parts }: Composed): Promise<ClientActor[]> {
	const rows = await parts.db.execute<{ id: string; clientId: string; agencyId: string }>(sql`
		SELECT DISTINCT ON (k.client_id) k.id, k.client_id AS "clientId", k.agency_id AS "agencyId"
		FROM contact k JOIN client c ON c.id = k.client_id
		WHERE k.active AND k.is_owner AND c.status = 'active' AND c.portal_setup = '{}' ORDER BY k.client_id LIMIT ${WRITERS}`);
	if (rows.length < WRITERS) throw new Error('the demo has too few contacts');
	return rows.map(
		(row) =>
			({ kind: 'client', agencyId: row.agencyId, clientId: row.clientId, contactId: row.id }) as ClientActor
	);
}

/** Each writer writes again as soon as it was told that its last change is kept. */
async function round(actors: readonly ClientActor[], write: Write): Promise<number> {
	const from = performance.now();
	let writes = 0;
	const lane = async (actor: ClientActor): Promise<void> => {
		while (performance.now() - from < ROUND_MS) {
			await write(actor);
			writes += 1;
		}
	};
	await Promise.all(actors.map(lane));
	return writes / ((performance.now() - from) / 1_000);
}

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** Ours and the baseline by turns, so that whatever the machine does meanwhile falls on both. */
export async function measureWrites(composed: Composed): Promise<Figure> {
	const { parts } = composed;
	const actors = await contacts(composed);
	const insert = (actor: ClientActor) => sql`
		INSERT INTO task (id, agency_id, client_id, title, made_by_contact_id)
		VALUES (${parts.ids.uuid()}, ${actor.agencyId}, ${actor.clientId}, 'Bench', ${actor.contactId})`;
	const gated: Write = (actor) =>
		parts.act(actor, { action: 'task.created' }, async (tx) => {
			await tx.execute(insert(actor));
			return { value: undefined };
		});
	const plain: Write = (actor) => parts.db.transaction((tx) => tx.execute(insert(actor)));
	const [ours, baseline]: [number[], number[]] = [[], []];
	for (let n = 0; n < ROUNDS; n += 1) {
		ours.push(await round(actors, gated));
		baseline.push(await round(actors, plain));
	}
	const [a, b] = [mean(ours.slice(1)), mean(baseline.slice(1))];
	return {
		figure: 'act-gate-writes-16',
		unit: 'writes/s, higher is better',
		ours: rounded(a),
		baseline: rounded(b),
		baselineName: 'the same inserts of 16 writers in plain transactions, no chain',
		ratio: rounded(a / b)
	};
}
