// What the hub tells a page of where its batches are, so that the page knows what to send again and what to keep.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import type { PageId } from '#domain/ids.ts';
import type { LiveLog, StoredBatch } from '#server/ports/live-log.ts';
import { closeSockets, RecorderClient, snapshot, typed, until } from '../support/hub-client.ts';
import { HubWorld, type TestImpersonation, type TestPage } from '../support/hub-world.ts';

let world: HubWorld;
let impersonation: TestImpersonation;
let page: TestPage;

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
	impersonation = await world.addImpersonation(await world.addAgency());
	page = await world.addPage(impersonation);
});
afterEach(() => {
	closeSockets();
	world.sealAsked.length = 0;
	expect(world.errors.splice(0)).toEqual([]);
});

const ready = async (which = page): Promise<RecorderClient> => new RecorderClient(world, which).ready();
const setSealed = (seq: number, pageId: PageId = page.id) =>
	world.database.owner`UPDATE page SET sealed_seq = ${seq} WHERE id = ${pageId}`;
const sealedSignal = (seq: number, agencyId: string = impersonation.agencyId) =>
	world.signals.publish({
		topic: 'page.sealed',
		agencyId,
		impersonationId: impersonation.id,
		pageId: page.id,
		seq
	});

async function stored(pageId: PageId = page.id): Promise<StoredBatch[]> {
	const batches: StoredBatch[] = [];
	for await (const batch of world.liveLog.read(pageId)) batches.push(batch);
	return batches;
}

/** The world's log with some of it replaced, behind a hub of its own for the length of a test. */
async function withLog(change: Partial<LiveLog>, work: () => Promise<void>): Promise<void> {
	const liveLog = new Proxy(world.liveLog, {
		get: (log, name: keyof LiveLog) => {
			const value = change[name] ?? log[name];
			return typeof value === 'function' ? value.bind(log) : value;
		}
	});
	world.overrides = { liveLog };
	await world.stopHub();
	await world.startHub();
	try {
		await work();
	} finally {
		world.overrides = {};
		closeSockets();
		await world.stopHub();
		await world.startHub();
	}
}

describe('what a page must keep', () => {
	it('gives all pages of an impersonation one key for their copies, and another impersonation another [R14]', async () => {
		const second = await world.addPage(impersonation);
		const other = await world.addImpersonation(await world.addAgency());
		const pages = [page, second, await world.addPage(other)];
		const keys: string[] = [];
		for (const each of pages) keys.push((await ready(each)).readies[0]!.storeKey!);
		expect(keys[0]).toBe(keys[1]);
		expect(keys[0]).not.toBe(keys[2]);
		expect(keys.map((key) => Buffer.from(key, 'base64').length)).toEqual([32, 32, 32]);
	});

	it('says with the connection what is sealed, from the row and never above what the log has [R13]', async () => {
		const first = await ready();
		expect(first.readies[0]).toMatchObject({ got: -1, safe: -1 });
		for (const [seq, events] of [snapshot(), [typed('a')], [typed('ab')]].entries())
			await first.append(seq, events);
		await setSealed(1);
		expect((await ready()).readies[0]).toMatchObject({ got: 2, safe: 1 });
	});

	it('tells the page what is sealed as the row says, whatever the signal claims, and nobody else [R13]', async () => {
		const second = await ready(await world.addPage(impersonation));
		const recorder = await ready();
		for (const [seq, events] of [snapshot(), [typed('a')]].entries()) await recorder.append(seq, events);
		await setSealed(0);
		await sealedSignal(9_999, (await world.addAgency()) as string);
		await sealedSignal(9_999);
		await until(() => recorder.safes.length > 0, 'record:safe');
		await setSealed(1);
		await sealedSignal(1);
		await until(() => recorder.safes.length > 1, 'record:safe again');
		expect(recorder.safes).toEqual([0, 1]);
		expect(second.safes).toEqual([]);
	});

	it('goes on behind what is sealed when the log has nothing of the page any more [R13]', async () => {
		const first = await ready();
		for (const [seq, events] of [snapshot(), [typed('a')]].entries()) await first.append(seq, events);
		await setSealed(1);
		first.socket.disconnect();
		await world.liveLog.remove(page.id);
		const again = await ready();
		expect(again.readies[0]).toMatchObject({ got: 1, safe: 1 });
		expect(await again.append(2, [typed('ab')])).toEqual({ ok: true, got: 2 });
	});
});

describe('what a beat proves', () => {
	const lastBeat = async (): Promise<number> => {
		const [row] = await world.database.owner`SELECT last_beat_at FROM page WHERE id = ${page.id}`;
		return Number(row!['last_beat_at']);
	};
	/** Answers some of the hub's questions, then waits until what it noted of them is in the rows. */
	const beatAndWrite = async (recorder: RecorderClient, title: string): Promise<void> => {
		let asked = 0;
		recorder.socket.on('beat:ask', () => asked++);
		await until(() => asked > 2, 'some beats');
		recorder.socket.emit('record:where', { address: '/tasks', title, visible: true });
		await until(async () => {
			const [row] = await world.database.owner`SELECT title FROM page WHERE id = ${page.id}`;
			return row!['title'] === title;
		}, 'the rows');
	};

	it.each([
		['refuses', () => Promise.reject(new AppError('try_later', 'The disk is full.'))],
		['does not answer', (until: Promise<void>) => until]
	] as const)('is nothing while the log %s, until it takes what came [R21]', async (_how, fail) => {
		let isFailing = false;
		const answered = Promise.withResolvers<void>();
		const append = async (batch: StoredBatch): Promise<void> => {
			if (isFailing) await fail(answered.promise);
			await world.liveLog.append(batch);
		};
		await withLog({ append }, async () => {
			const recorder = await ready();
			expect(await recorder.append(0, snapshot())).toEqual({ ok: true, got: 0 });
			isFailing = true;
			const since = Date.now();
			const first = recorder.append(1, [typed('a')]);
			await beatAndWrite(recorder, 'failing');
			// Read by another clock than it was noted by, on a machine that may have stood still for a moment.
			expect(await lastBeat()).toBeLessThan(since + 1_000);
			isFailing = false;
			answered.resolve();
			if (!(await first).ok) await recorder.append(1, [typed('a')]);
			recorder.socket.disconnect();
			await beatAndWrite(await ready(), 'keeping');
			expect(await lastBeat()).toBeGreaterThan(since + 1_000);
			world.errors.length = 0;
		});
	});
});

describe('whose page it is', () => {
	it('refuses and disconnects a page that another process took over, and serves it again once it is back [R19]', async () => {
		let isFenced = false;
		const claimed: string[] = [];
		const append = (batch: StoredBatch): Promise<void> =>
			isFenced
				? Promise.reject(new AppError('conflict', 'Another process has taken this page over.'))
				: world.liveLog.append(batch);
		const claim = (pageId: string): Promise<number> => {
			isFenced = false;
			claimed.push(pageId);
			return Promise.resolve(claimed.length);
		};
		await withLog({ append, claim }, async () => {
			const recorder = await ready();
			expect(claimed).toEqual([page.id]);
			await recorder.append(0, snapshot());
			isFenced = true;
			// The other process stored one more before it, too, was left.
			await world.liveLog.append({
				...(await stored())[0]!,
				seq: 1
			});
			expect(await recorder.append(1, [typed('a')])).toMatchObject({ ok: false, refusal: 'try_later' });
			await until(() => recorder.disconnected !== null, 'the disconnection');
			const again = await ready();
			expect(again.readies[0]!.got).toBe(1);
			expect(await again.append(2, [typed('ab')])).toEqual({ ok: true, got: 2 });
		});
	});

	it('tells a page anew where it stands when the log lost its end, and takes that end again [R13, R19]', async () => {
		let lost = 0;
		const got = (pageId: string): number => world.liveLog.got(pageId) - lost;
		const kept: number[] = [];
		const append = async (batch: StoredBatch): Promise<void> => {
			if (batch.seq > got(batch.pageId) + 1) throw new AppError('try_later', 'Earlier batches are missing.');
			kept.push(batch.seq);
			if (lost > 0) lost--;
			else await world.liveLog.append(batch);
		};
		await withLog({ append, got }, async () => {
			const recorder = await ready();
			for (let seq = 0; seq < 4; seq++)
				await recorder.append(seq, seq === 0 ? snapshot() : [typed('a'.repeat(seq))]);
			lost = 2;
			expect(await recorder.append(4, [typed('aaaa')])).toMatchObject({ refusal: 'try_later', got: 1 });
			await until(() => recorder.disconnected !== null, 'the disconnection');
			const again = await ready();
			expect(again.readies[0]!.got).toBe(1);
			for (let seq = 2; seq < 5; seq++)
				expect(await again.append(seq, [typed('a'.repeat(seq))])).toEqual({ ok: true, got: seq });
			expect(kept).toEqual([0, 1, 2, 3, 2, 3, 4]);
			expect(world.errors.splice(0)).toHaveLength(1);
		});
	});
});

it('places a batch stamped before the clock was set by the setting of then [R16, R18]', async () => {
	const recorder = await ready();
	const before = Date.now();
	await recorder.append(0, snapshot(before), { wall: before, mono: before });
	recorder.socket.disconnect();
	// An hour forward while it was away; then it sends what it had, and what happens now.
	const again = new RecorderClient(world, page);
	again.clockAheadMs = 3_600_000;
	await again.ready();
	await again.append(1, [{ ...typed('old'), timestamp: before + 1 }], { wall: before + 1, mono: before + 1 });
	const now = Date.now();
	await again.append(2, [{ ...typed('new'), timestamp: now + 3_600_000 }], {
		wall: now + 3_600_000,
		mono: now
	});
	const [, old, fresh] = await stored();
	expect(Math.abs(old!.offsetMs)).toBeLessThan(500);
	expect(Math.abs(fresh!.offsetMs + 3_600_000)).toBeLessThan(500);
});

it('has a page sealed when it closes and when its impersonation ends, and not where nothing came [R20]', async () => {
	const silent = await world.addPage(impersonation);
	const recorder = await ready();
	const other = await ready(silent);
	await recorder.append(0, snapshot());
	recorder.socket.disconnect();
	other.socket.disconnect();
	const asked = () => world.sealAsked.filter((id) => id === page.id || id === silent.id);
	await until(() => asked().length > 0, 'the question');
	const [row] = await world.database.owner`SELECT closed_at FROM page WHERE id = ${page.id}`;
	expect(row!.closed_at).not.toBeNull();
	const again = await ready();
	await again.append(1, [typed('a')]);
	await world.database
		.owner`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back', ended_at = now()
		WHERE id = ${impersonation.id}`;
	await until(() => asked().length > 1, 'the question at the end', 6_000);
	expect(asked()).toEqual([page.id, page.id]);
});
