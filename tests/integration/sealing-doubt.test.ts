// What sealing does where the picture is not known: holes, unknown nodes, pages that the process dies of.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { decodePayload } from '#recorder/format/block-payload.ts';
import { encodeBatch, EVENT, SOURCE } from '#recorder/format/events.ts';
import { SealProcess } from '#server/recordings/seal-process.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { testIds, type Impersonated } from '#support/impersonate.ts';
import { readAllBatches } from '#support/read-recorded.ts';
import { firstPicture, listGrows } from '#support/recorded-list.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

const MORTAL = new URL('../support/mortal-child.ts', import.meta.url);

let world: RecordingsWorld;
let reviewer: StaffActor;
let inside: Impersonated;

beforeAll(async () => {
	world = await RecordingsWorld.open();
	reviewer = await world.supervisor(world.agencies.north);
});
afterAll(() => world.close());

/** Ends the one before: a staff member has one at a time. */
async function impersonate(): Promise<void> {
	if (inside) await endIt();
	inside = await world.impersonate(world.agencies.north);
	await world.openRunning(reviewer, inside);
}
const endIt = () =>
	world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - interval '1 minute' WHERE id = ${inside.impersonationId} AND state <> 'ended'`);

const started = Date.now() - 60_000;
const put = (seq: number, second: number, events = listGrows(seq, started + second * 1_000)) =>
	world.liveLog.append({
		impersonationId: inside.impersonationId,
		pageId: inside.pageId,
		seq,
		receivedAt: started + second * 1_000 + 20,
		offsetMs: 0,
		bytes: encodeBatch(events)
	});
const picture = (second: number) => firstPicture(started + second * 1_000);
const blocks = async () => [
	...(await world.database.db.execute<{ first: number; last: number; checkpoint: string }>(sql`
		SELECT first_seq AS first, last_seq AS last, checkpoint FROM block WHERE page_id = ${inside.pageId} ORDER BY first_seq`))
];
const numbers = async () => (await readAllBatches(world.recordings, reviewer, inside)).map(({ seq }) => seq);

it('lets nothing leave the log of a running page whose picture is not known', async () => {
	await impersonate();
	await put(0, 0, listGrows(0, started));
	for (const seq of [1, 2, 3]) await put(seq, seq * 11);
	await world.recordings.seal(inside.pageId);
	expect((await blocks()).length).toBeGreaterThan(1);
	expect(await Array.fromAsync(world.liveLog.read(inside.pageId), ({ seq }) => seq)).toEqual([0, 1, 2, 3]);
});

it('waits at a hole while the page may still fill it, then seals on, says so, and knows the picture from the next snapshot on', async () => {
	await impersonate();
	await put(0, 0, picture(0));
	for (const seq of [1, 2, 3]) await put(seq, seq);
	for (const seq of [6, 7, 8]) await put(seq, seq);
	const { recordings } = world.process({}, new DeskProcess());
	expect(await recordings.seal(inside.pageId)).toBe(3);
	expect(await numbers()).toEqual([0, 1, 2, 3, 6, 7, 8]);
	await put(9, 9, picture(9));
	for (const seq of [10, 11]) await put(seq, seq + 10);
	await endIt();
	await recordings.sealLeft();
	expect(await blocks()).toEqual([
		{ first: 0, last: 3, checkpoint: 'empty' },
		{ first: 6, last: 9, checkpoint: 'hole' },
		{ first: 10, last: 11, checkpoint: 'whole' }
	]);
	expect(await numbers()).toEqual([0, 1, 2, 3, 6, 7, 8, 9, 10, 11]);
	const { entries } = await recordings.read(reviewer, { impersonationId: inside.impersonationId });
	const [gap] = entries.filter(({ cause }) => cause === 'missing');
	expect(gap?.note).toContain('2 of the page’s batches are lost');
	expect(await Array.fromAsync(world.liveLog.pages())).toEqual([]);
});

it('says of a block that an event before it named a node that is not there, also in another process', async () => {
	await impersonate();
	const unknown = {
		source: SOURCE.mutation,
		adds: [{ parentId: 7_777, nextId: null, node: { type: 3, id: 7_778, textContent: '?' } }],
		removes: [],
		texts: [],
		attributes: []
	};
	await put(0, 0, picture(0));
	await put(1, 1, [{ type: EVENT.incremental, timestamp: started + 1_000, data: unknown }]);
	await put(2, 12);
	await world.process({}, new DeskProcess()).recordings.seal(inside.pageId);
	await put(3, 24);
	await put(4, 25, picture(25));
	await world.process({}, new DeskProcess()).recordings.seal(inside.pageId);
	await put(5, 40);
	await world.process({}, new DeskProcess()).recordings.seal(inside.pageId);
	expect((await blocks()).map(({ first, checkpoint }) => [first, checkpoint])).toEqual([
		[0, 'empty'],
		[2, 'unsure'],
		[3, 'unsure'],
		[5, 'whole']
	]);
});

it('fails with its process and goes on with the next, and after three deaths keeps what they came of as it is', async () => {
	await impersonate();
	await put(0, 0, picture(0));
	await put(1, 11, [{ type: EVENT.custom, timestamp: started + 11_000, data: { tag: 'deadly' } }]);
	const { recordings } = world.process({}, new SealProcess({ script: MORTAL }));
	for (let death = 0; death < 3; death += 1)
		await expect(recordings.seal(inside.pageId)).rejects.toMatchObject({
			code: 'try_later',
			details: { sealer: true }
		});
	expect(await recordings.seal(inside.pageId)).toBe(1);
	await put(2, 23);
	await put(3, 24, picture(24));
	await put(4, 36);
	expect(await recordings.seal(inside.pageId)).toBe(4);
	expect((await blocks()).map(({ first, checkpoint }) => [first, checkpoint])).toEqual([
		[0, 'failed'],
		[2, 'failed'],
		[4, 'whole']
	]);
	expect(await numbers()).toEqual([0, 1, 2, 3, 4]);
	const { impersonationId } = inside;
	const { pages } = await recordings.read(reviewer, { impersonationId });
	const blockId = pages[0]!.blocks.at(-1)!.id;
	const payload = decodePayload(await recordings.readBlock(reviewer, { impersonationId, blockId }));
	expect(JSON.stringify(payload.checkpoint)).toContain('Task 39');
});

it('counts a death against the page it came of, and not against those that waited or were begun in it', async () => {
	await impersonate();
	const deadly = inside;
	await put(0, 0, picture(0));
	await put(1, 11, [{ type: EVENT.custom, timestamp: started + 11_000, data: { tag: 'deadly' } }]);
	const { impersonationId } = deadly;
	const { database, liveLog } = world;
	const others = Array.from({ length: 3 }, () => testIds.uuid());
	for (const pageId of others) {
		await database.db.execute(sql`INSERT INTO page (id, agency_id, impersonation_id, address)
			SELECT ${pageId}, agency_id, id, '/tasks' FROM impersonation WHERE id = ${impersonationId}`);
		const at = started + 20;
		const batch = { impersonationId, pageId, receivedAt: at, offsetMs: 0 };
		await liveLog.append({ ...batch, seq: 0, bytes: encodeBatch(picture(0)) });
		await liveLog.append({
			...batch,
			seq: 1,
			receivedAt: at + 12_000,
			bytes: encodeBatch(listGrows(1, at + 12_000))
		});
	}
	const { recordings } = world.process({}, new SealProcess({ script: MORTAL }));
	const runs = await Promise.allSettled([deadly.pageId, ...others].map((pageId) => recordings.seal(pageId)));
	expect(runs[0]).toMatchObject({ reason: { details: { sealer: true } } });
	const failures = async () => [
		...(await database.db.execute<{
			id: string;
			failures: number;
		}>(sql`SELECT id, seal_failures AS failures FROM page
			WHERE impersonation_id = ${impersonationId} AND seal_failures > 0`))
	];
	expect(await failures()).toEqual([{ id: deadly.pageId, failures: 1 }]);
	for (const pageId of others) await recordings.seal(pageId);
	expect(await failures()).toHaveLength(1);
});

it('gives each question its whole time from when it is begun', async () => {
	const script = new URL('../support/deaf-child.ts', import.meta.url);
	const sealer = new SealProcess({ script, maxAskMs: 5_000 });
	const asked = ['deaf', 'hears', 'hears too'].map((pageId) => sealer.ask('forget', { pageId }));
	const answers = await Promise.allSettled(asked);
	expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});

it('dies of a page that is too much for its heap, and only it', async () => {
	await impersonate();
	// Six megabytes of text that are ten times as much as objects.
	const flood = encodeBatch([{ type: EVENT.custom, timestamp: started, data: null }]);
	const text = new TextDecoder().decode(flood).replace('null', `[${'[{}],'.repeat(1_000_000)}0]`);
	const bytes = new TextEncoder().encode(text);
	const { impersonationId, pageId } = inside;
	await world.liveLog.append({ impersonationId, pageId, seq: 0, receivedAt: started, offsetMs: 0, bytes });
	const { recordings } = world.process({}, new SealProcess({ heapMb: 24 }));
	await expect(recordings.seal(pageId)).rejects.toMatchObject({ details: { sealer: true } });
	await expect(world.process().recordings.seal(pageId)).resolves.toBe(0);
});

it('ends a process that does not answer, and asks another one the next time', async () => {
	const script = new URL('../support/deaf-child.ts', import.meta.url);
	const sealer = new SealProcess({ script, maxAskMs: 5_000 });
	await expect(sealer.ask('forget', { pageId: 'deaf' })).rejects.toMatchObject({ code: 'try_later' });
	await expect(sealer.ask('forget', { pageId: 'hears' })).resolves.toBeNull();
});
