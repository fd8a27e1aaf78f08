// Who saw it, and when: from sealed blocks to answers, on a real database.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { seenFilters } from '#server/usecases/recordings/seen-filters.ts';
import type { SeenAnswer } from '#server/usecases/recordings/search-seen.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { faulty } from '#support/faulty.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let north: Impersonated;
let south: Impersonated;
let reviewer: StaffActor;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const desk = () => world.process({}, new DeskProcess()).recordings;
const search = (q: string, more: Record<string, string> = {}, who = reviewer): Promise<SeenAnswer | null> =>
	world.recordings.search(who, seenFilters.parse({ q, ...more }), NO_ORIGIN);

/** Twelve seconds of a growing list, sealed, in an impersonation that began before it. */
async function recorded(agency = world.agencies.north): Promise<Impersonated> {
	const inside = await world.impersonate(agency);
	await world.recordPage(inside, { seconds: 12 });
	await world.database.db.execute(
		sql`UPDATE impersonation SET started_at = now() - interval '40 seconds' WHERE id = ${inside.impersonationId}`
	);
	await desk().seal(inside.pageId);
	await world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() WHERE id = ${inside.impersonationId}`);
	return inside;
}
/** Everything the index holds of a page, in order. */
const rowsOf = async ({ pageId }: Impersonated) => [
	...(await world.database.db.execute<{ lines: string }>(sql`
		SELECT from_at, title, lines, gone, is_on, words::text AS words FROM seen_text WHERE page_id = ${pageId} ORDER BY id`))
];

beforeAll(async () => {
	world = await RecordingsWorld.open();
	reviewer = await world.supervisor(world.agencies.north);
	[north, south] = [await recorded(), await recorded(world.agencies.south)];
	await desk().index();
});
afterAll(() => world.close());

describe('an answer', () => {
	it('names who saw it, in whose portal, and the moments with the words marked', async () => {
		const answer = await search('invoice 5 “bluebird bakery”');
		expect(answer).toMatchObject({ total: 1, isMore: false });
		const [found] = answer!.recordings;
		expect(found).toMatchObject({
			id: north.impersonationId,
			client: 'North Assigned',
			staff: 'North manager',
			isRunning: false,
			count: 1
		});
		const [moment] = found!.moments;
		// The fifth row came a second and a quarter after the page, which was opened ten seconds after the start, less what it took to
		// write all that down.
		expect(moment!.at).toBeGreaterThan(5_000);
		expect(moment!.at).toBeLessThan(14_500);
		expect(moment!.until).toBeNull();
		expect(
			moment!.snippets.map(({ parts }) => parts.filter((part) => part.isHit).map(({ text }) => text))
		).toEqual([['Invoice', '5', 'Bluebird Bakery']]);
	});
	it('takes numbers as they are, and words as beginnings', async () => {
		expect((await search('inv 4'))?.recordings[0]?.count).toBe(1);
		expect((await search('inv 400'))?.total).toBe(0);
		expect((await search('"inv"'))?.total).toBe(0);
		expect((await search('"bakery bluebird"'))?.total).toBe(0);
	});
	it('is narrowed to clients, staff, days and one recording', async () => {
		const { clients, staff } = world.agencies.north;
		const total = async (more: Record<string, string>) => (await search('invoice', more))?.total;
		expect(await total({ client: clients.assigned.clientId })).toBe(1);
		expect(await total({ client: clients.assigned.clientId.toUpperCase() })).toBe(1);
		expect(await total({ client: clients.inactive.clientId })).toBe(0);
		expect(await total({ staff: staff.manager })).toBe(1);
		expect(await total({ staff: staff.admin })).toBe(0);
		expect(await total({ from: '2020-01-01', to: '2099-01-01', zone: 'Asia/Tokyo' })).toBe(1);
		expect(await total({ to: '2020-01-01' })).toBe(0);
		expect(await total({ page: '2' })).toBe(0);
		const { recordings } = (await search('invoice', { recording: north.impersonationId }))!;
		expect(recordings[0]!.moments).toHaveLength(recordings[0]!.count);
		expect(recordings[0]!.count).toBeGreaterThan(4);
	});
});

describe('who may', () => {
	it('shows each agency its own, whatever the address names', async () => {
		const stranger = await world.supervisor(world.agencies.south);
		const found = await search('invoice 5', {}, stranger);
		expect(found?.recordings.map(({ id }) => id)).toEqual([south.impersonationId]);
		const client = world.agencies.north.clients.assigned.clientId;
		const others: Record<string, string>[] = [
			{ client },
			{ staff: world.agencies.north.staff.manager },
			{ recording: north.impersonationId }
		];
		for (const more of others) expect((await search('invoice 5', more, stranger))?.total).toBe(0);
		for (const typed of [
			`a:${world.agencies.north.agencyId}`,
			world.agencies.north.agencyId,
			`invoice | 'a:${client}'`
		])
			expect((await search(typed, {}, stranger))?.recordings.map(({ id }) => id) ?? []).not.toContain(
				north.impersonationId
			);
		const { clients } = await world.recordings.readSearchChoices(stranger);
		expect(clients.map(({ name }) => name)).toEqual(['South Assigned']);
	});
	it('refuses staff without the permission, who looks after the client among them, and logs it', async () => {
		const { agencyId, staff } = world.agencies.north;
		for (const id of [staff.manager, staff.assignee]) {
			const actor = await signInStaff(world.database.db, agencyId, id);
			await expect(search('invoice', {}, actor)).rejects.toEqual(refusal('not_allowed'));
			await expect(search('', {}, actor)).rejects.toEqual(refusal('not_allowed'));
			await expect(world.recordings.readSearchChoices(actor)).rejects.toEqual(refusal('not_allowed'));
		}
		const rows = await world.database.db.execute(
			sql`SELECT FROM action WHERE action = 'recordings.searched' AND outcome = 'refused' AND agency_id = ${agencyId}`
		);
		expect(rows).toHaveLength(2);
	});
	it('logs each search with its words and how much was found, under the client it was narrowed to', async () => {
		const { clientId, name } = world.agencies.north.clients.assigned;
		await search('Invoice 5', { client: clientId });
		const logged = () =>
			world.database.db.execute<{ client: string | null; details: string }>(sql`
				SELECT a.client_id AS client, d.details FROM action a JOIN action_details d ON d.seq = a.seq
				WHERE a.action = 'recordings.searched' AND a.outcome = 'done' ORDER BY a.seq`);
		const last = (await logged()).at(-1)!;
		expect(last.client).toBe(clientId);
		expect(JSON.parse(last.details)).toMatchObject({ words: 'Invoice 5', recordings: 1, subject: name });
		expect(last.details).not.toContain('Bluebird');
		const before = (await logged()).length;
		expect(await search('')).toBeNull();
		expect(await search('" & | :* !')).toBeNull();
		expect(await logged()).toHaveLength(before);
		await search('invoice', { client: world.agencies.south.clients.assigned.clientId });
		expect((await logged()).at(-1)!.client).toBeNull();
	});
	it.each([
		"' OR 1=1 --",
		"a':*|'b",
		'\\',
		"5'::tsquery); DROP TABLE page; --",
		'<script>x</script>',
		'%00',
		'\0',
		'😀'.repeat(90),
		'a'.repeat(9_000),
		'東京'
	])('takes %j for words', async (typed) => {
		expect((await search(typed))?.total ?? 0).toBe(0);
	});
});

describe('the index', () => {
	it('holds each thing once, whoever makes it and however often', async () => {
		const inside = await recorded();
		await Promise.all([desk().index(), desk().index()]);
		const once = await rowsOf(inside);
		expect(once.length).toBeGreaterThan(3);
		const lines = once.flatMap((row) => row.lines.split('\n'));
		expect(lines.filter((line) => line === 'Task 7')).toHaveLength(1);
		expect(lines.filter((line) => line === 'Invoice 44 of Bluebird Bakery')).toHaveLength(1);
		expect(await desk().index()).toBe(0);
		expect(await rowsOf(inside)).toEqual(once);
	});
	it('is the same from blocks that were merged, before it or in its middle', async () => {
		const { db } = world.database;
		const whole = await rowsOf(north);
		const again = (indexedSeq: number) =>
			db.execute(sql`UPDATE page SET indexed_seq = ${indexedSeq} WHERE id = ${north.pageId}`);
		await db.execute(sql`UPDATE block SET sealed_at = now() - interval '8 days'`);
		await desk().compact();
		expect(await desk().index()).toBe(0);
		// As if only the first block had been read when they were merged.
		const held = await db.execute<{ id: string }>(sql`
			DELETE FROM seen_text WHERE page_id = ${north.pageId}
				AND from_at >= (SELECT opened_at + interval '10 seconds' FROM page WHERE id = ${north.pageId}) RETURNING id`);
		expect(held.length).toBeGreaterThan(0);
		await again(39);
		expect(await desk().index()).toBe(1);
		const words = (rows: { lines: string }[]) => rows.flatMap(({ lines }) => lines.split('\n'));
		const typed = (line: string) => line.startsWith('typed');
		expect(
			words(await rowsOf(north))
				.filter((line) => !typed(line))
				.toSorted()
		).toEqual(
			words(whole)
				.filter((line) => !typed(line))
				.toSorted()
		);
	});
	it('leaves out a block that cannot be read, and goes on behind it', async () => {
		const inside = await recorded();
		const broken = world.process(
			{ blobs: faulty(world.blobs, { method: 'open', nth: 2, when: 'before' }) },
			new DeskProcess()
		).recordings;
		expect(await broken.index()).toBe(0);
		expect(await world.recordings.countToIndex()).toBe(1);
		await world.database.db.execute(sql`
			UPDATE block SET blob_key = blob_key || '.gone' WHERE page_id = ${inside.pageId} AND first_seq = 0`);
		for (let run = 0; run < 3; run++) await desk().index();
		expect(await world.recordings.countToIndex()).toBe(0);
		const text = (await rowsOf(inside)).map(({ lines }) => lines).join('\n');
		expect(text).toContain('Invoice 48 of Bluebird Bakery');
		expect(text).toContain('Invoice 3 of Bluebird Bakery');
		world.faults.length = 0;
	});
	it('loses a recording with its key: what was seen in it is found no more', async () => {
		const inside = await recorded();
		await desk().index();
		expect((await search('invoice 7', { recording: inside.impersonationId }))?.total).toBe(1);
		await world.database.db.execute(
			sql`UPDATE impersonation SET ended_at = now() - interval '91 days' WHERE id = ${inside.impersonationId}`
		);
		await world.retention.expireRecordings();
		expect(await rowsOf(inside)).toEqual([]);
		expect((await search('invoice 7', { recording: inside.impersonationId }))?.total).toBe(0);
	});
});

describe('the list of recordings', () => {
	const find = async (query: Record<string, string>, who = reviewer) => {
		const { rows } = await world.recordings.find(who, recordingFilters.parse(query), NO_ORIGIN);
		return rows.map(({ id }) => id);
	};
	const searches = async (outcome: string) => {
		const rows = await world.database.db.execute<{ words: string | null }>(sql`
			SELECT d.details::jsonb ->> 'words' AS words FROM action a JOIN action_details d ON d.seq = a.seq
			WHERE a.action = 'recordings.searched' AND a.outcome = ${outcome} ORDER BY a.seq DESC LIMIT 1`);
		return rows.map(({ words }) => words);
	};

	it('is narrowed by what could be read, of one’s own agency, and that is a search in the log', async () => {
		const before = await searches('done');
		const all = await find({});
		expect(await find({ seen: '..' })).toEqual(all);
		expect(await searches('done')).toEqual(before);
		expect(await find({ seen: 'bluebird bakery' })).toContain(north.impersonationId);
		expect(await find({ seen: 'bluebird bakery' })).not.toContain(south.impersonationId);
		expect(await searches('done')).toEqual(['bluebird bakery']);
		expect(await find({ seen: 'invoice', client: world.agencies.north.clients.unassigned.clientId })).toEqual(
			[]
		);
		expect(await find({ seen: 'invoice', mode: 'view' })).toEqual(await find({ mode: 'view' }));
		expect(await find({ seen: 'zwieback' })).toEqual([]);
		const refused = async () =>
			(
				await world.database.db.execute(
					sql`SELECT FROM action WHERE action = 'recordings.searched' AND outcome = 'refused'`
				)
			).length;
		const unrefused = await refused();
		await expect(find({ seen: 'invoice' }, north.staff)).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await refused()).toBe(unrefused + 1);
	});
});
