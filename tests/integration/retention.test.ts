// The end of a recording: nothing of it can be read any more, wherever it lay, and whatever broke off on the way.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { faulty } from '#support/faulty.ts';
import type { Impersonated } from '#support/impersonate.ts';
import { readAllBatches } from '#support/read-recorded.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

let world: RecordingsWorld;
let reviewer: StaffActor;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;

beforeAll(async () => {
	world = await RecordingsWorld.open();
	reviewer = await world.supervisor(world.agencies.north);
});
afterAll(() => world.close());

/** A recording of which a part is sealed and a part is not, ended so many days ago. */
async function recordedAndEnded(days: number): Promise<Impersonated> {
	const inside = await world.impersonate(world.agencies.north);
	await world.recordPage(inside, { seconds: 12 });
	await world.openRunning(reviewer, inside);
	await world.process({}, new DeskProcess()).recordings.seal(inside.pageId);
	await world.recordPage(inside, { seconds: 1, from: 49, agoMs: 1_000 });
	await world.database.db.execute(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
		ended_at = now() - make_interval(days => ${days}, mins => 5) WHERE id = ${inside.impersonationId}`);
	return inside;
}

/** Files of blobs and live log that are the recording's, or in which its words still stand. */
function filesThatTell({ impersonationId }: Impersonated): string[] {
	return globSync('{blobs,log}/**/*', { cwd: world.folder, withFileTypes: true })
		.filter((entry) => entry.isFile() && !entry.parentPath.includes('keys'))
		.map((entry) => path.join(entry.parentPath, entry.name))
		.filter((file) => file.includes(impersonationId) || readFileSync(file).includes('Invoice 5 of Bluebird'));
}
const rowsOf = async ({ impersonationId, pageId }: Impersonated) => {
	const [row] = await world.database.db.execute<{
		keys: number;
		blocks: number;
		dictionaries: number;
		removed: boolean;
	}>(sql`
		SELECT (SELECT count(*)::int FROM recording_key WHERE impersonation_id = ${impersonationId}) AS keys,
			(SELECT count(*)::int FROM block WHERE impersonation_id = ${impersonationId}) AS blocks,
			(SELECT count(*)::int FROM page_dictionary WHERE page_id = ${pageId}) AS dictionaries,
			(SELECT removed_at IS NOT NULL FROM page WHERE id = ${pageId}) AS removed`);
	return row;
};
const GONE = { keys: 0, blocks: 0, dictionaries: 0, removed: true };

it('keeps a recording until its days are over, then nothing of it is left in rows, objects and log', async () => {
	const young = await recordedAndEnded(89);
	const old = await recordedAndEnded(90);
	// A file of the log goes with the last page in it, and the young page is sealed within a minute, as every one.
	await world.recordings.seal(young.pageId);
	expect((await readAllBatches(world.recordings, reviewer, old)).length).toBe(54);
	const { pages } = await world.recordings.read(reviewer, { impersonationId: old.impersonationId });
	const blockId = pages[0]!.blocks[1]!.id;
	expect(await world.retention.expireRecordings()).toBe(1);
	expect(await rowsOf(old)).toEqual(GONE);
	expect(filesThatTell(old)).toEqual([]);
	expect(await Array.fromAsync(world.liveLog.read(old.pageId))).toEqual([]);
	expect(await readAllBatches(world.recordings, reviewer, old)).toEqual([]);
	const { impersonationId } = old;
	await expect(world.recordings.readBlock(reviewer, { impersonationId, blockId })).rejects.toEqual(
		refusal('not_found')
	);
	await expect(world.recordings.readTail(reviewer, old)).rejects.toEqual(refusal('not_found'));
	await expect(world.recordings.seal(old.pageId)).rejects.toEqual(refusal('not_found'));
	expect(await rowsOf(young)).toMatchObject({ keys: 1, blocks: 3, removed: false });
	expect((await readAllBatches(world.recordings, reviewer, young)).length).toBe(54);
	expect(await world.retention.expireRecordings()).toBe(0);
});

it('cannot read what is sealed from the first step on, even when all the others fail, and goes on with them later', async () => {
	const old = await recordedAndEnded(100);
	const { impersonationId } = old;
	const { pages } = await world.recordings.read(reviewer, { impersonationId });
	const broken = world.process({ blobs: faulty(world.blobs, { method: 'remove', nth: 1, when: 'before' }) });
	await expect(broken.retention.expireRecordings()).rejects.toThrow('could not be removed');
	expect(await rowsOf(old)).toMatchObject({ keys: 0, blocks: 2, removed: false });
	for (const { id: blockId } of pages[0]!.blocks)
		await expect(world.recordings.readBlock(reviewer, { impersonationId, blockId })).rejects.toEqual(
			refusal('not_found')
		);
	// A sealing that was under way finds the key gone, and makes no other one.
	await expect(world.recordings.seal(old.pageId)).rejects.toEqual(refusal('not_found'));
	expect(await world.recordings.sealLeft()).toBeGreaterThanOrEqual(0);
	expect(await rowsOf(old)).toMatchObject({ keys: 0 });
	expect(await world.retention.expireRecordings()).toBe(1);
	expect(await rowsOf(old)).toEqual(GONE);
	expect(filesThatTell(old)).toEqual([]);
});

it('lets an erasing that comes in the middle of a sealing win: what is sealed meanwhile is not kept', async () => {
	const old = await recordedAndEnded(0);
	const { db } = world.database;
	const erasing = new DeskProcess();
	const ask = erasing.ask.bind(erasing);
	let isErased = false;
	erasing.ask = async (name, question) => {
		if (name === 'seal' && !isErased) {
			isErased = true;
			await db.execute(
				sql`UPDATE impersonation SET ended_at = now() - interval '91 days' WHERE id = ${old.impersonationId}`
			);
			await world.retention.expireRecordings();
		}
		return ask(name, question);
	};
	await expect(world.process({}, erasing).recordings.seal(old.pageId)).rejects.toEqual(refusal('conflict'));
	expect(await rowsOf(old)).toEqual(GONE);
	expect(filesThatTell(old)).toEqual([]);
});
