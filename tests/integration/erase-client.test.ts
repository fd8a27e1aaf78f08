// Erasing a client: a word that was planted in every store stands nowhere afterwards, and the log is still a whole chain.
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { ActionName } from '#domain/actions.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Deed } from '#server/db/act.ts';
import { verifyChain } from '#server/usecases/log/verify-chain.ts';
import { seenFilters } from '#server/usecases/recordings/seen-filters.ts';
import { ERASED_TABLES } from '#server/usecases/retention/erase-client-rows.ts';
import { messageIdOf } from '#server/usecases/notices/message-id.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { filesWith, tablesWith } from '#support/find-word.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { plantRows, tablesOfClients } from '#support/plant-rows.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let admin: StaffActor;
let inside: Impersonated;

const WORD = 'zimtschnecke';
/** Searched for together with the client's name. */
const UNFOUND = 'zwetschgenkuchen';
/** Says nothing of anybody. */
const NEUTRAL = 'An office was closed';
const FILE_KEY = 'uploads/planted';
const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const desk = () => world.process({}, new DeskProcess());
const client = () => world.agencies.north.clients.assigned;
const run = (statement: ReturnType<typeof sql>) => world.database.db.execute(statement);
const erase = (actor: StaffActor, name = client().name) =>
	desk().retention.eraseClient(
		actor,
		{ clientId: client().clientId, reason: 'Asked for by letter', name },
		NO_ORIGIN
	);
const places = async () => [
	...(await tablesWith(world.database.db, WORD)),
	...filesWith(world.folder, WORD),
	...(await tablesWith(world.database.db, UNFOUND)),
	...(await tablesWith(world.database.db, 'North Assigned')),
	...(await tablesWith(world.database.db, 'north-assigned.test'))
];

/** Without a word in them: they go all the same. */
const WORDLESS = ['thread_read', 'consent_grant'];
const TABLES = (
	'task task_comment folder client_order client_order_line client_order_step subscription invoice invoice_line payment thread ' +
	'message thread_read upload file announcement removed_record consent_grant draft mail contact_session contact_account ' +
	'contact_two_factor'
).split(' ');

/** A recorded stay in which the word was looked at, done, searched for and told of. */
async function recorded(): Promise<Impersonated> {
	const stay = await world.impersonate(world.agencies.north);
	await world.recordPage(stay, { seconds: 2 });
	await desk().recordings.seal(stay.pageId);
	await desk().recordings.index();
	await run(sql`UPDATE seen_text SET lines = ${WORD}, words = words || ${`'${WORD}':1`}::tsvector`);
	await run(sql`UPDATE page SET title = ${WORD}, address = ${`/tasks?q=${WORD}`}`);
	await run(sql`UPDATE impersonation SET details = ${WORD}, ticket = ${WORD}, return_to = ${`/clients?q=${WORD}`},
		state = 'ended', end_reason = 'switch_back', ended_at = now() - interval '1 minute'`);
	await run(sql`INSERT INTO view (id, agency_id, impersonation_id, page_id, kind, address, subject_label, status)
		VALUES (gen_random_uuid(), ${stay.actor.agencyId}, ${stay.impersonationId}, ${stay.pageId}, 'page',
			${`/invoices/1?q=${WORD}#x`}, ${WORD}, 200)`);
	return stay;
}

/** Erasures of many, asked for under no client. */
async function erasures(): Promise<void> {
	const { agencyId, clients } = world.agencies.north;
	const [listed, past, other, neutral] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
	const log = (action: ActionName, details: Record<string, unknown>, more: Partial<Deed> = {}) =>
		world.kit.act(admin, { action, ...more }, () => Promise.resolve({ value: undefined, details }));
	const ask = (id: string, reason: string) =>
		log('recordings.erasure_asked', { reason }, { subject: { type: 'erasure', id, label: '2 recordings' } });
	const gone = (clientId: ClientId, id: string, reason: string) =>
		log('recording.erased', { reason, erasure: id }, { clientId });
	await run(sql`INSERT INTO erasure (id, agency_id, asked_by, session_id, reason, ended_at)
		VALUES (${listed}, ${agencyId}, ${admin.staffId}, ${admin.sessionId}, ${UNFOUND}, now())`);
	await run(sql`INSERT INTO erasure_item (erasure_id, impersonation_id, outcome, note)
		VALUES (${listed}, ${inside.impersonationId}, 'kept', ${WORD})`);
	await ask(listed, UNFOUND);
	// Its list went with its days.
	await ask(past, `Because of ${UNFOUND}`);
	await gone(clients.assigned.clientId, past, `Because of ${UNFOUND}`);
	// Of other clients' recordings alone, and this one is named.
	await ask(other, 'As for NORTH assigned!');
	await gone(clients.unassigned.clientId, other, 'As for NORTH assigned!');
	await ask(neutral, NEUTRAL);
	await gone(clients.unassigned.clientId, neutral, NEUTRAL);
}

async function planted(): Promise<void> {
	const { agencyId, staff } = world.agencies.north;
	const { clientId, owner, contact } = client();
	const { owner: sqlOwner } = world.database;
	const ids = new Map<string, string>(
		Object.entries({ agency: agencyId, client: clientId, contact: owner, staff: staff.manager })
	);
	ids.set('impersonation', inside.impersonationId);
	await plantRows(sqlOwner, { tables: TABLES, word: WORD, ids });
	await run(sql`UPDATE file SET blob_key = ${FILE_KEY} WHERE id = ${ids.get('file')!}`);
	await world.blobs.put(FILE_KEY, Readable.from([Buffer.from(WORD)]), 1_000);
	await run(sql`UPDATE client SET industry = ${WORD}, website = ${WORD}, phone = ${WORD}, address = ${WORD}, tax_id = ${WORD},
		internal_note = ${WORD}, portal_setup = ${JSON.stringify({ note: WORD })}::text::jsonb WHERE id = ${clientId}`);
	await run(
		sql`UPDATE contact SET name = ${WORD}, job_title = ${WORD}, phone = ${WORD}, image = ${WORD} WHERE id = ${contact}`
	);
	await run(sql`INSERT INTO contact_verification (id, identifier, value, expires_at)
		SELECT gen_random_uuid(), 'email-change:' || id, ${JSON.stringify({ email: WORD })}, now() FROM contact WHERE client_id = ${clientId}`);
	// Somebody's views of lists, one by the client's id and one by its name.
	await run(sql`INSERT INTO saved_view (id, agency_id, staff_id, list, name, query) VALUES
		(gen_random_uuid(), ${agencyId}, ${staff.manager}, 'recordings', ${WORD}, ${`client=${clientId}`}),
		(gen_random_uuid(), ${agencyId}, ${staff.manager}, 'actions', 'Of North Assigned', 'outcome=refused')`);
	// Done, refused and told, in the log and in a notice of a member of staff.
	await world.kit.act(
		admin,
		{ action: 'client.edited', clientId, subject: { type: 'client', id: clientId, label: WORD } },
		() => Promise.resolve({ value: undefined, details: { name: WORD } })
	);
	await run(sql`INSERT INTO notice (id, agency_id, staff_id, seq, category, title, body, href)
		SELECT gen_random_uuid(), ${agencyId}, ${staff.manager}, max(seq), 'tasks', ${WORD}, ${WORD}, '/' FROM action`);
	await world.recordings.search(admin, seenFilters.parse({ q: WORD }), NO_ORIGIN);
	// Found nowhere: the name of the client makes it theirs.
	await world.recordings.search(admin, seenFilters.parse({ q: `Assigned ${UNFOUND}` }), NO_ORIGIN);
	await world.recordings.search(admin, seenFilters.parse({ q: `Hagebutte ${UNFOUND.slice(1)}` }), NO_ORIGIN);
	const messageId = messageIdOf(ids.get('mail')!, 'http://portal.test');
	await world.mailer.send({
		messageId,
		fromName: WORD,
		to: 'a@b.test',
		subject: WORD,
		text: WORD,
		html: WORD
	});
}

beforeAll(async () => {
	world = await RecordingsWorld.open();
	const { agencyId, staff } = world.agencies.north;
	admin = await signInStaff(world.database.db, agencyId, staff.admin);
	inside = await recorded();
	await planted();
	await erasures();
});
afterAll(() => world.close());

it('knows of every table with rows of clients what becomes of them', async () => {
	expect((await tablesOfClients(world.database.owner)).toSorted()).toEqual(
		ERASED_TABLES.filter((table) => table !== 'client').toSorted()
	);
});

it('refuses whoever may not, another agency, a client that is not archived, and another name', async () => {
	const { north, south } = world.agencies;
	const manager = await signInStaff(world.database.db, north.agencyId, north.staff.manager);
	const stranger = await signInStaff(world.database.db, south.agencyId, south.staff.admin);
	await expect(erase(manager)).rejects.toEqual(refusal('not_allowed'));
	await expect(erase(stranger)).rejects.toEqual(refusal('not_found'));
	await expect(erase(admin)).rejects.toEqual(refusal('conflict'));
	await run(sql`UPDATE client SET status = 'archived' WHERE id = ${client().clientId}`);
	await expect(erase(admin, WORD)).rejects.toEqual(refusal('invalid'));
});

it('leaves no word of it in any table, file or mail, and the chain whole', async () => {
	const before = await places();
	for (const table of [
		...TABLES,
		'client',
		'contact',
		'seen_text',
		'page',
		'view',
		'impersonation',
		'action_details',
		'erasure_item',
		'notice'
	].filter((table) => !WORDLESS.includes(table)))
		expect(before, table).toContain(`public.${table}`);
	expect(before.filter((place) => place.includes('/blobs/') || place.includes('/mail/'))).toHaveLength(2);
	const { agencyId } = world.agencies.north;
	const others = await run(sql`SELECT count(*)::int AS n FROM task WHERE client_id <> ${client().clientId}`);
	await erase(admin);
	const process = desk();
	await process.retention.expireRecordings();
	await process.recordings.sweepObjects();
	await process.retention.forgetMails();
	expect(await places()).toEqual([]);
	const neutral = await run(sql`SELECT FROM action_details WHERE details::jsonb ->> 'reason' = ${NEUTRAL}`);
	expect(neutral).toHaveLength(2);
	expect(await run(sql`SELECT FROM erasure WHERE reason LIKE '%erased with a client%'`)).toHaveLength(1);
	expect(await run(sql`SELECT count(*)::int AS n FROM task`)).toEqual(others);
	expect(await verifyChain({ db: world.database.db, agencyId, trusted: null })).toMatchObject({
		whole: true
	});
	const [row] = await run(sql`SELECT a.actor_staff_id AS staff, d.details::jsonb ->> 'reason' AS reason
		FROM action a JOIN action_details d ON d.seq = a.seq WHERE a.action = 'client.erased' AND a.outcome = 'done'`);
	expect(row).toEqual({ staff: admin.staffId, reason: 'Asked for by letter' });
	await expect(erase(admin, 'Erased client')).rejects.toEqual(refusal('conflict'));
});

it('keeps what was looked at from being changed in any other way', async () => {
	const change = (set: ReturnType<typeof sql>) => run(sql`UPDATE view SET ${set}`);
	await expect(change(sql`subject_label = 'other'`)).rejects.toThrow();
	await expect(change(sql`address = '/other'`)).rejects.toThrow();
	await expect(change(sql`status = 404`)).rejects.toThrow();
	await expect(run(sql`DELETE FROM view`)).rejects.toThrow();
});
