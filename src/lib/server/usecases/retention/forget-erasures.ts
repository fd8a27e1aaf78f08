// Why many recordings were erased at once stands under no client: in the list, in the row of the log that asked for it, and in that of each
// recording. With a client goes what was said of theirs, and what names them or their people. The rows stay in the chain and say that, when
// and by whom it was asked for.
import { sql, type SQL } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Tx } from '#server/db/types.ts';
import { wordsOf } from '#server/recordings/words.ts';

/** In place of the words, also for what such an erasure goes on with. */
const FORGOTTEN = 'The reason was erased with a client.';

/** A shorter name is part of many sentences. */
const MIN_NAME = 3;

/**
 * To be called before any recording is locked, as an erasure of many does: one under way finishes the recording it is at, and goes on with
 * what is left of its reason.
 */
export const lockErasures = (tx: Tx, { agencyId }: StaffActor) =>
	tx.execute(sql`SELECT FROM erasure WHERE agency_id = ${agencyId} ORDER BY id FOR UPDATE`);

const inWords = (text: string): string =>
	` ${wordsOf(text)
		.map(({ word }) => word)
		.join(' ')} `;

/** How the client and its people are called: by whole names and addresses, people by each of their names, too. */
async function namesOf(tx: Tx, clientId: string): Promise<string[]> {
	const rows = await tx.execute<{ text: string; of_person: boolean }>(sql`
		SELECT name AS text, false AS of_person FROM client WHERE id = ${clientId}
		UNION ALL SELECT name, true FROM contact WHERE client_id = ${clientId}
		UNION ALL SELECT email, false FROM contact WHERE client_id = ${clientId}`);
	return rows.flatMap(({ text, of_person: isPerson }) => {
		const whole = inWords(text);
		const parts = isPerson ? wordsOf(text).map(({ word }) => ` ${word} `) : [];
		return [whole, ...parts].filter((name) => name.trim().length >= MIN_NAME);
	});
}

type Asked = { seq: string; id: string; reason: string };

const readAsked = (tx: Tx, agencyId: string) =>
	tx.execute<Asked>(sql`
		SELECT a.seq::text AS seq, a.subject_id::text AS id, d.details::jsonb ->> 'reason' AS reason
		FROM action a JOIN action_details d ON d.seq = a.seq
		WHERE a.agency_id = ${agencyId} AND a.action = 'recordings.erasure_asked' AND a.outcome = 'done'`);

/** Those with a recording of the client's, also where the list is gone. */
async function readOfClient(tx: Tx, clientId: string): Promise<ReadonlySet<string>> {
	const rows = await tx.execute<{ of: string }>(sql`
		SELECT t.erasure_id::text AS of FROM erasure_item t JOIN impersonation i ON i.id = t.impersonation_id
		WHERE i.client_id = ${clientId}
		UNION SELECT d.details::jsonb ->> 'erasure' FROM action a JOIN action_details d ON d.seq = a.seq
		WHERE a.client_id = ${clientId} AND a.action = 'recording.erased' AND a.outcome = 'done'`);
	return new Set(rows.map(({ of }) => of));
}

const among = (values: readonly string[]): SQL =>
	sql`(SELECT jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb))`;

/** To be called before the client's own rows are emptied, since they say how it is called. */
export async function forgetErasures(
	tx: Tx,
	{ agencyId, clientId }: { agencyId: string; clientId: string }
): Promise<void> {
	const names = await namesOf(tx, clientId);
	const ofClient = await readOfClient(tx, clientId);
	const isNamed = ({ reason }: Asked): boolean => names.some((name) => inWords(reason).includes(name));
	const going = (await readAsked(tx, agencyId)).filter((one) => ofClient.has(one.id) || isNamed(one));
	if (going.length === 0) return;
	await tx.execute(sql`UPDATE erasure SET reason = ${FORGOTTEN}
		WHERE agency_id = ${agencyId} AND id::text IN ${among(going.map(({ id }) => id))}`);
	await tx.execute(sql`DELETE FROM action_details WHERE agency_id = ${agencyId}
		AND seq IN (SELECT value::bigint FROM jsonb_array_elements_text(${JSON.stringify(going.map(({ seq }) => seq))}::text::jsonb))`);
	// Other clients' recordings keep their proof unless the sentence beside it tells of this one.
	const telling = going.filter(isNamed).map(({ reason }) => reason);
	if (telling.length === 0) return;
	await tx.execute(sql`DELETE FROM action_details d USING action a WHERE a.seq = d.seq AND a.agency_id = ${agencyId}
		AND a.action = 'recording.erased' AND a.outcome = 'done' AND d.details::jsonb ->> 'reason' IN ${among(telling)}`);
}
