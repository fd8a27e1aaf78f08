// Errors and failed requests of a recorded page, from a batch to whoever watches, to the rows, and away again.
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { EVENT, type RecordedEvent } from '#recorder/format/events.ts';
import { FAULT_TAG, type PageFault } from '#recorder/format/page-fault.ts';
import { insertFaults } from '#server/recordings/fault-rows.ts';
import { readEntry } from '#server/usecases/live/read-entry.ts';
import { readFaults } from '#server/usecases/recordings/read-faults.ts';
import { destroyKey } from '#server/usecases/retention/erase-recordings.ts';
import { closeSockets, RecorderClient, snapshot, until, WatcherClient } from '../support/hub-client.ts';
import { HubWorld } from '../support/hub-world.ts';

let world: HubWorld;

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

const failed: PageFault = {
	kind: 'request',
	text: '',
	where: '/invoices',
	method: 'POST',
	status: 503,
	times: 2
};
const told = (fault: unknown): RecordedEvent => ({
	type: EVENT.custom,
	timestamp: Date.now(),
	data: { tag: FAULT_TAG, payload: fault }
});

async function begin() {
	const agencyId = await world.addAgency();
	const impersonation = await world.addImpersonation(agencyId);
	const page = await world.addPage(impersonation);
	const recorder = await new RecorderClient(world, page).ready();
	await recorder.append(0, snapshot());
	const rows = () => readFaults(world.database.db, agencyId, impersonation.id);
	return { agencyId, impersonation, page, recorder, rows };
}

it('reach whoever watches while they happen, and stay for those who come later', async () => {
	const { agencyId, impersonation, recorder, rows } = await begin();
	const watcher = new WatcherClient(world, await world.addStaff(agencyId, ['supervise']));
	await watcher.watch(impersonation.id);
	await recorder.append(1, [told(failed), told({ ...failed, kind: 'odd' })]);
	await until(() => watcher.entries.length > 0, 'the fault in the list');
	expect(watcher.entries).toMatchObject([
		{ kind: 'fault', title: 'Request failed', subject: 'POST /invoices', by: 'answered 503, 2 times' }
	]);
	expect(await rows()).toMatchObject([{ place: '/invoices', status: 503, times: 2 }]);
});

it('are told once, however often their batch comes, and never to another agency', async () => {
	const { agencyId, page, rows } = await begin();
	const [other] = [await world.addAgency()];
	const row = { seq: 7, event: 0, at: Date.now(), fault: failed };
	const { db } = world.database;
	const [id = ''] = await insertFaults(db, { agencyId, pageId: page.id }, [row]);
	expect(await insertFaults(db, { agencyId, pageId: page.id }, [row])).toEqual([]);
	expect(await insertFaults(db, { agencyId: other, pageId: page.id }, [{ ...row, seq: 8 }])).toEqual([]);
	expect(await rows()).toHaveLength(1);
	const read = readEntry({ db });
	expect(await read({ kind: 'system', agencyId: other }, { faultId: id })).toBeNull();
	expect(await read({ kind: 'system', agencyId }, { faultId: id })).toMatchObject({
		entry: { kind: 'fault' }
	});
});

it('of a page that tells of them without end are a few in the list, and all in the recording', async () => {
	const { recorder, rows } = await begin();
	for (let seq = 1; seq <= 5; seq++) {
		const batch = Array.from({ length: 200 }, (_, n) => told({ ...failed, where: `/${seq}/${n}` }));
		expect(await recorder.append(seq, batch)).toMatchObject({ ok: true });
	}
	await until(async () => (await rows()).length >= 60, 'those within the rate');
	expect((await rows()).length).toBeLessThanOrEqual(70);
});

it('of one block that tells of more than a page may are kept up to that, whatever was there before', async () => {
	const { agencyId, page } = await begin();
	const { db } = world.database;
	const one = { agencyId, pageId: page.id };
	const rowsFrom = (first: number, count: number) =>
		Array.from({ length: count }, (_, n) => ({ seq: first + n, event: 0, at: Date.now(), fault: failed }));
	expect(await insertFaults(db, one, rowsFrom(0, 990))).toHaveLength(990);
	// Told again by the index, which knows of later ones, too: what is there takes no room twice.
	expect(await insertFaults(db, one, rowsFrom(985, 10))).toHaveLength(5);
	expect(await insertFaults(db, one, rowsFrom(1_000, 3_000))).toHaveLength(5);
	expect(await insertFaults(db, one, rowsFrom(5_000, 1))).toEqual([]);
	const [kept] = await db.execute<{ last: number; count: number }>(
		sql`SELECT max(seq) AS last, count(*)::int AS count FROM page_fault WHERE page_id = ${page.id}`
	);
	expect(kept).toMatchObject({ last: 1_004, count: 1_000 });
});

it('go with the recording, and none comes after it', async () => {
	const { agencyId, impersonation, page, recorder, rows } = await begin();
	await recorder.append(1, [told(failed)]);
	await until(async () => (await rows()).length === 1, 'its row');
	const { db } = world.database;
	await db.transaction((tx) => destroyKey(tx, impersonation.id));
	expect(await rows()).toEqual([]);
	const row = { seq: 9, event: 0, at: Date.now(), fault: failed };
	expect(await insertFaults(db, { agencyId, pageId: page.id }, [row])).toEqual([]);
});
