// Two hubs as two processes over one Redis and one PostgreSQL: this one, and one that is killed or upgraded.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgencyId } from '#domain/ids.ts';
import { closeSockets, RecorderClient, snapshot, typed, until, WatcherClient } from '#support/hub-client.ts';
import { HubProcess } from '#support/hub-process.ts';
import { HubWorld, type TestImpersonation, type TestPage, type TestStaff } from '#support/hub-world.ts';
import { RedisServer } from '#support/redis-server.ts';
import { closeStaleWatches } from '#server/usecases/live/close-stale-watches.ts';

/** product.md §Rules: rights, freeze and end act within a second. */
const A_SECOND = 1_000;

let redis: RedisServer;
let world: HubWorld;
let other: HubProcess;
let agencyId: AgencyId;
let impersonation: TestImpersonation;
let page: TestPage;
let sofia: TestStaff;

beforeAll(async () => {
	redis = await RedisServer.start();
	world = await HubWorld.open(redis.url);
	other = await HubProcess.start(world.database.connection, redis.url);
});
afterAll(async () => {
	await other.end('SIGKILL');
	await world.close();
	await redis.stop();
});
beforeEach(async () => {
	agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	page = await world.addPage(impersonation);
	sofia = await world.addStaff(agencyId, ['supervise']);
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

const letters = (recorder: RecorderClient, from: number, to: number) =>
	Promise.all(
		Array.from({ length: to - from + 1 }, (_, n) => recorder.append(from + n, [typed('x'.repeat(from + n))]))
	);
const recording = async (at: { port: number }): Promise<RecorderClient> => {
	const recorder = await new RecorderClient(at, page).ready();
	expect(await recorder.append(0, snapshot())).toEqual({ ok: true, got: 0 });
	return recorder;
};
/** A page of another hub is known here a moment later. */
const following = async (at: { port: number }, staff = sofia): Promise<WatcherClient> => {
	const watcher = new WatcherClient(at, staff);
	const session = await watcher.watch(impersonation.id);
	await until(
		() => [session, ...watcher.sessions].some(({ pages }) => pages.some((p) => p.connected)),
		'the page'
	);
	const target = { impersonationId: impersonation.id, pageId: page.id };
	expect(await watcher.ask('page:follow', target)).toMatchObject({ ok: true });
	return watcher;
};
const numbers = (to: number) => Array.from({ length: to + 1 }, (_, seq) => seq);
const watchRows = async (open: boolean): Promise<number> => {
	const rows = await world.database.owner`SELECT FROM watch
		WHERE impersonation_id = ${impersonation.id} AND (left_at IS NULL) = ${open}`;
	return rows.length;
};
const logged = async (action: string): Promise<number> =>
	(
		await world.database.owner`SELECT FROM action
		WHERE impersonation_id = ${impersonation.id} AND action = ${action}`
	).length;

describe('a page on another hub', () => {
	it('is seen from its first batch on, live, with its state, and knows who watches it [V4, R12]', async () => {
		const recorder = await recording(other);
		await letters(recorder, 1, 20);
		const watcher = await following(world);
		await letters(recorder, 21, 40);
		await until(() => watcher.seqs(page.id).length > 40, 'all batches');
		expect(watcher.seqs(page.id)).toEqual(numbers(40));
		expect(await until(() => recorder.state?.watchers.length === 1, 'who watches')).toBeLessThan(A_SECOND);
		await until(() => watcher.sessions.at(-1)?.recording === 'live', 'the state');
		recorder.socket.emit('record:where', { address: '/orders', title: 'Orders', visible: true });
		const isThere = () => watcher.sessions.at(-1)?.pages[0]?.address === '/orders';
		expect(await until(isThere, 'where it is')).toBeLessThan(A_SECOND);
		watcher.socket.disconnect();
		expect(await until(() => recorder.state?.watchers.length === 0, 'the farewell')).toBeLessThan(A_SECOND);
	});

	it('counts a person once who watches through both hubs, until the last of them is left [V3]', async () => {
		const recorder = await recording(other);
		const [near, far] = [await following(other), await following(world)];
		await until(() => near.sessions.at(-1)?.watchers.length === 1, 'one watcher');
		near.socket.disconnect();
		await letters(recorder, 1, 3);
		await until(() => far.seqs(page.id).length === 4, 'the batches');
		await until(() => recorder.state?.watchers.length === 1, 'the one who is left');
		far.socket.disconnect();
		await until(() => recorder.state?.watchers.length === 0, 'nobody');
	});

	it('is frozen and ended within a second, and its watchers here are told [R10, V6]', async () => {
		const recorder = await recording(other);
		const watcher = await following(world);
		const { owner } = world.database;
		const changed = { topic: 'impersonation.changed', agencyId, impersonationId: impersonation.id } as const;
		await owner`UPDATE impersonation SET frozen_at = now(), frozen_by = ${sofia.id} WHERE id = ${impersonation.id}`;
		await world.signals.publish(changed);
		expect(await until(() => recorder.state?.frozen !== null, 'the freeze')).toBeLessThan(A_SECOND);
		await owner`UPDATE impersonation SET frozen_at = NULL, frozen_by = NULL WHERE id = ${impersonation.id}`;
		// Whatever is lost on the way: the rows are swept.
		expect(await until(() => recorder.state?.frozen === null, 'the release')).toBeLessThan(A_SECOND);
		await world.end(null, { impersonationId: impersonation.id, reason: 'limit' });
		expect(await until(() => recorder.ended !== null, 'the end at the page')).toBeLessThan(A_SECOND);
		await until(() => watcher.ended !== null, 'the end at the watcher');
	});
});

it('carries what a holder does at one hub to the page at another, and what became of it back [K7]', async () => {
	const recorder = await recording(world);
	recorder.socket.on('control:do', ({ deed }: { deed: { kind: string } }, answer: (said: string) => void) =>
		answer(deed.kind === 'click' ? 'covered' : 'done')
	);
	const holder = await following(other);
	const of = { impersonationId: impersonation.id };
	const { control } = await holder.ask<{ control: { id: string } }>('control:ask', of);
	await until(() => recorder.state?.control?.id === control.id, 'the question at the page');
	await recorder.socket.emitWithAck('control:answer', { id: control.id, isGranted: true });
	const key = { ...of, pageId: page.id, seq: 0, deed: { kind: 'key', key: 'Enter' } };
	const press = () => holder.ask<{ ok: boolean; answer?: string }>('control:key', key);
	await until(async () => (await press()).ok, 'control at the other hub');
	expect(await press()).toEqual({ ok: true, answer: 'done' });
	const click = { ...key, deed: { kind: 'click', node: 1, x: 0, y: 0 } };
	expect(await holder.ask('control:click', click)).toEqual({ ok: true, answer: 'covered' });
});

it('carries help from a helper at one hub to a page at another, and the page in boxes to a wall there', async () => {
	const recorder = await recording(world);
	const helper = await following(other);
	const seen: object[] = [];
	const drawn: object[] = [];
	recorder.socket.on('help:message', (message: object) => seen.push(message));
	recorder.socket.on('help:mark', (mark: object) => drawn.push(mark));
	helper.socket.on('wall:sketch', (told: object) => drawn.push(told));
	const on = { impersonationId: impersonation.id };
	expect(await helper.ask('help:write', { ...on, text: 'Hello' })).toEqual({ ok: true });
	await until(() => seen.length === 1, 'the line at the other hub');
	await helper.ask('help:point', { ...on, pageId: page.id, at: { node: 1, x: 0, y: 0 } });
	await until(() => drawn.length === 1, 'the pointer at the other hub');
	await helper.ask('wall:open');
	await helper.ask('wall:tiles', { isOn: true });
	await recorder.socket.emitWithAck('help:sketch', { width: 9, height: 9, boxes: [1, 0, 0, 9, 9], at: null });
	await until(() => drawn.length === 2, 'the wireframe at the other hub');
	expect(await recorder.socket.emitWithAck('help:hand', { isRaised: true })).toEqual({ ok: true });
	await until(() => Boolean(helper.sessions.at(-1)?.hand), 'the hand at the other hub');
});

describe('a hub that goes', () => {
	/** @returns who watched through the hub that went */
	const goingOn = async (end: () => Promise<unknown>): Promise<TestStaff> => {
		const recorder = await recording(other);
		const here = await following(world);
		const mira = await world.addStaff(agencyId, ['supervise'], 'Mira Mann');
		await following(other, mira);
		await until(() => recorder.state?.watchers.length === 2, 'both watchers');
		await letters(recorder, 1, 30);
		await Promise.all([end(), until(() => recorder.disconnected !== null, 'the cut')]);
		const again = await new RecorderClient(world, page).ready();
		expect(again.readies[0]).toMatchObject({ got: 30 });
		await letters(again, 31, 40);
		await until(() => here.seqs(page.id).length > 40, 'all batches');
		expect(here.seqs(page.id)).toEqual(numbers(40));
		expect(here.behind).toEqual([]);
		await until(() => here.sessions.at(-1)?.pages[0]?.connected === true, 'the page in its new place');
		expect(here.sessions.at(-1)?.recording).toBe('live');
		expect(here.ended).toBeNull();
		const [row] = await world.database.owner`SELECT state FROM impersonation WHERE id = ${impersonation.id}`;
		expect(row!.state).toBe('active');
		return mira;
	};

	it('by an upgrade hands its pages over and leaves no watch behind, and comes back beside the other', async () => {
		await goingOn(async () => expect(await other.end('SIGTERM')).toBe(0));
		expect([await watchRows(true), await watchRows(false)]).toEqual([1, 1]);
		expect(await logged('watch.left')).toBe(1);
		other = await HubProcess.start(world.database.connection, redis.url);
		const watcher = await following(other);
		await until(() => watcher.seqs(page.id).length === 41, 'all batches at the new hub');
	});

	it('by a kill loses nothing that was acknowledged, and its watches are closed once by whoever notices', async () => {
		const mira = await goingOn(() => other.end('SIGKILL'));
		expect(await watchRows(true)).toBe(2);
		const { owner, db } = world.database;
		await owner`UPDATE hub SET seen_at = now() - interval '1 minute'
			WHERE id IN (SELECT hub_id FROM watch WHERE staff_id = ${mira.id})`;
		const close = closeStaleWatches({ act: world.act, db, isAlone: false });
		const hubs = [randomUUID(), randomUUID()];
		await Promise.all(hubs.map((hubId) => close({ hubId })));
		expect([await watchRows(true), await logged('watch.left')]).toEqual([1, 1]);
	});
});
