// A watcher who comes late is shown what the page shows now, made from what the server has, while the page goes on.
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { decodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { composeRecordings } from '#server/compose/recordings.ts';
import type { Parts } from '#server/compose/parts.ts';
import { SHADOW_LIMITS } from '#server/recordings/seal-limits.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { closeSockets, RecorderClient, until, WatcherClient } from '../support/hub-client.ts';
import { HubWorld, type TestImpersonation, type TestPage, type TestStaff } from '../support/hub-world.ts';
import { firstPicture, listGrows } from '../support/recorded-list.ts';

let world: HubWorld;
let recordings: ReturnType<typeof composeRecordings>;
let folder: string;
let impersonation: TestImpersonation;
let page: TestPage;
let sofia: TestStaff;
let picturesRead = 0;

beforeAll(async () => {
	world = await HubWorld.open();
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-late-'));
	const parts = {
		db: world.database.db,
		liveLog: world.liveLog,
		blobs: await FileBlobs.open(path.join(folder, 'blobs')),
		act: world.act,
		signals: world.signals,
		ids: world.ids,
		clock: { now: () => Date.now() },
		config: { recordingRetentionDays: 90 },
		masterKey: randomBytes(32),
		secret: 'a secret of the tests, long enough to sign with',
		log: { error: (fields: unknown) => world.errors.push(fields) }
	} as unknown as Parts;
	recordings = composeRecordings(parts, new DeskProcess());
	world.overrides = {
		readPicture: (actor, input) => {
			picturesRead++;
			return recordings.readPicture(actor, input);
		}
	};
	await world.stopHub();
	await world.startHub();
});
afterAll(async () => {
	await world.close();
	rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
	const agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	page = await world.addPage(impersonation);
	sofia = await world.addStaff(agencyId, ['supervise']);
	picturesRead = 0;
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

async function watching(): Promise<WatcherClient> {
	const watcher = new WatcherClient(world, sofia);
	await watcher.watch(impersonation.id);
	return watcher;
}
const follow = (watcher: WatcherClient) =>
	watcher.ask<{ ok: boolean; batches: number }>('page:follow', {
		impersonationId: impersonation.id,
		pageId: page.id,
		checkpoint: true
	});

/** Batches of a page that changes a lot. */
async function change(recorder: RecorderClient, from: number, upTo: number): Promise<void> {
	for (let seq = from; seq < upTo; seq++) {
		const events = seq === 0 ? firstPicture(Date.now()) : listGrows(seq, Date.now());
		expect(await recorder.append(seq, events)).toEqual({ ok: true, got: seq });
	}
}

/** An event about a node that nobody knows. */
const lost = (): RecordedEvent => ({
	type: 3,
	timestamp: Date.now(),
	data: { source: 0, adds: [], removes: [], texts: [{ id: 99_999, value: 'lost' }], attributes: [] }
});

/** Puts all there is so far into a block, as on a page that went away for a moment. */
async function seal(): Promise<void> {
	const { owner } = world.database;
	await owner`UPDATE page SET closed_at = now() WHERE id = ${page.id}`;
	await recordings.seal(page.id);
	await owner`UPDATE page SET closed_at = NULL WHERE id = ${page.id}`;
}

const screenOf = (events: readonly RecordedEvent[]): RecordedEvent[] => {
	const shadow = new ShadowDocument(SHADOW_LIMITS);
	for (const event of events) shadow.apply(event);
	expect(shadow.state).toBe('whole');
	return shadow.checkpoint(0);
};

/** What the page shows after all its batches, applied from the first on. */
async function screenNow(): Promise<RecordedEvent[]> {
	const events: RecordedEvent[] = [];
	for await (const { bytes } of world.liveLog.read(page.id)) events.push(...decodeBatch(bytes));
	return screenOf(events);
}

/** What a watcher shows after all that it was sent. */
const shownTo = (watcher: WatcherClient): RecordedEvent[] =>
	screenOf([...watcher.pictures, ...watcher.batches].flatMap(({ bytes }) => decodeBatch(bytes)));

it('shows a late watcher the very screen after many changes, and causes not one event in the page [V7]', async () => {
	const recorder = await new RecorderClient(world, page).ready();
	await change(recorder, 0, 120);
	await seal();
	await change(recorder, 120, 150);
	const watcher = await watching();
	expect(await follow(watcher)).toEqual({ ok: true, batches: 150 });
	await until(() => watcher.pictures.length === 1, 'the picture');
	expect(watcher.pictures[0]).toMatchObject({ pageId: page.id, seq: 149, offsetMs: 0, after: 0 });
	expect(shownTo(watcher)).toEqual(await screenNow());
	expect(watcher.pictures[0]!.receivedAt).toBeLessThanOrEqual(Date.now());
	await change(recorder, 150, 155);
	await until(() => watcher.seqs(page.id).length === 5, 'what happens next');
	expect(watcher.seqs(page.id)).toEqual([150, 151, 152, 153, 154]);
	expect(shownTo(watcher)).toEqual(await screenNow());
	expect([world.liveLog.got(page.id), recorder.snapshotsWanted]).toEqual([154, 0]);
});

it('joins without hole or double while more keeps coming, who comes together sharing the work [V4, V7]', async () => {
	const recorder = await new RecorderClient(world, page).ready();
	await change(recorder, 0, 5);
	const watchers: WatcherClient[] = [];
	const joining = (async () => {
		for (let n = 0; n < 4; n++) {
			const pair = await Promise.all([watching(), watching()]);
			await Promise.all(pair.map(follow));
			watchers.push(...pair);
		}
	})();
	let sent = 5;
	for (; watchers.length < 8 || sent < 60; sent++) await change(recorder, sent, sent + 1);
	await joining;
	await until(() => watchers.every((w) => w.pictures.length === 1), 'a picture at every watcher');
	await change(recorder, sent, sent + 1);
	await until(() => watchers.every((w) => w.batches.at(-1)?.seq === sent), 'the last batch at every watcher');
	for (const watcher of watchers) {
		expect(watcher.pictures).toHaveLength(1);
		const { seq, after } = watcher.pictures[0]!;
		expect(after).toBe(0);
		expect(watcher.seqs(page.id)).toEqual(Array.from({ length: sent - seq }, (_, n) => seq + 1 + n));
		expect(shownTo(watcher)).toEqual(await screenNow());
	}
	expect(picturesRead).toBeLessThanOrEqual(8);
});

it('begins with the first batch where the server lost track, and asks the page once for a snapshot [R15, V7]', async () => {
	const recorder = await new RecorderClient(world, page).ready();
	await change(recorder, 0, 3);
	await recorder.append(3, [lost()]);
	const watchers = [await watching(), await watching()];
	for (const watcher of watchers) {
		await follow(watcher);
		await until(() => watcher.batches.length === 4, 'all batches');
		expect(watcher.pictures).toEqual([]);
	}
	await until(() => recorder.snapshotsWanted > 0, 'the question');
	expect(recorder.snapshotsWanted).toBe(1);
	// Its answer makes the next picture whole.
	await recorder.append(4, firstPicture(Date.now()));
	const next = await watching();
	await follow(next);
	await until(() => next.pictures.length === 1, 'a picture again');
	expect(next.pictures[0]!.seq).toBe(4);
});

it('asks an unwatched page for a snapshot once its block begins without a picture [R15]', async () => {
	const recorder = await new RecorderClient(world, page).ready();
	await change(recorder, 0, 3);
	await recorder.append(3, [lost()]);
	await seal();
	expect(recorder.snapshotsWanted).toBe(0);
	await change(recorder, 4, 6);
	await seal();
	await until(() => recorder.snapshotsWanted > 0, 'the question');
	await change(recorder, 6, 8);
	await seal();
	await until(() => recorder.safes.includes(7), 'the last record:safe');
	expect(recorder.snapshotsWanted).toBe(1);
});

it('has no picture of a page for another agency', async () => {
	const recorder = await new RecorderClient(world, page).ready();
	await change(recorder, 0, 2);
	const [own, other] = [impersonation.agencyId, await world.addAgency()];
	const read = (agencyId: typeof own) =>
		recordings.readPicture({ kind: 'system', agencyId }, { pageId: page.id });
	expect(await read(own)).toMatchObject({ state: 'whole', seq: 1 });
	expect(await read(other)).toBeNull();
});
