import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
	closeSockets,
	RecorderClient,
	snapshot,
	typed,
	until,
	WatcherClient
} from '../support/hub-client.ts';
import { HubWorld, type TestImpersonation, type TestPage, type TestStaff } from '../support/hub-world.ts';
import type { AgencyId } from '#domain/ids.ts';
import type { LiveSession } from '#protocol/index.ts';

/** product.md §Rules: rights, freeze and end act within a second. */
const A_SECOND = 1_000;

let world: HubWorld;
let agencyId: AgencyId;
let impersonation: TestImpersonation;
let page: TestPage;
let sofia: TestStaff;

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
	world.signals.isLosing = false;
	agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	page = await world.addPage(impersonation);
	sofia = await world.addStaff(agencyId, ['supervise']);
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

const recording = async () => {
	const recorder = await new RecorderClient(world, page).ready();
	expect(await recorder.append(0, snapshot())).toMatchObject({ ok: true });
	return recorder;
};
const watching = async (staff = sofia) => {
	const watcher = new WatcherClient(world, staff);
	await watcher.watch(impersonation.id);
	await watcher.ask('page:follow', { impersonationId: impersonation.id, pageId: page.id });
	return watcher;
};
const watchRows = () =>
	world.database.owner<{ staff_id: string; open: boolean }[]>`
		SELECT staff_id, left_at IS NULL AS open FROM watch WHERE impersonation_id = ${impersonation.id} ORDER BY joined_at`;
const actions = async () => {
	const rows = await world.database.owner<{ action: string; client_id: string; actor_staff_id: string }[]>`
		SELECT action, client_id, actor_staff_id FROM action WHERE impersonation_id = ${impersonation.id} ORDER BY seq`;
	return [...rows];
};
const endReason = async () => {
	const [row] = await world.database
		.owner`SELECT end_reason FROM impersonation WHERE id = ${impersonation.id}`;
	return row!.end_reason as string | null;
};

describe('who watches', () => {
	it('is told to the recorded page within a second, two tabs of one person once, and logged on both ends [V3, R12]', async () => {
		const recorder = await recording();
		const one = await watching();
		expect(await until(() => recorder.state?.watchers.length === 1, 'presence at the page')).toBeLessThan(
			A_SECOND
		);
		expect(recorder.state?.watchers).toEqual([
			{ staffId: sofia.id, name: 'Sofia Stern', initials: 'SS', role: 'moderator' }
		]);
		const two = await watching();
		expect(await watchRows()).toEqual([{ staff_id: sofia.id, open: true }]);
		await one.ask('session:leave');
		expect(recorder.state?.watchers).toHaveLength(1);
		two.socket.disconnect();
		expect(await until(() => recorder.state?.watchers.length === 0, 'the farewell')).toBeLessThan(A_SECOND);
		await until(async () => (await watchRows())[0]?.open === false, 'the watch to be closed');
		const by = { client_id: impersonation.clientId, actor_staff_id: sofia.id };
		expect(await actions()).toEqual([
			{ action: 'watch.joined', ...by },
			{ action: 'watch.left', ...by }
		]);
	});

	it('is hidden from the page where the agency hides it, not from the log [R12]', async () => {
		const { owner } = world.database;
		await owner`UPDATE agency SET policy = ${owner.json({ showWatchers: false })} WHERE id = ${agencyId}`;
		const recorder = await recording();
		await watching();
		await until(async () => (await actions()).length === 1, 'the log');
		await new Promise((resolve) => setTimeout(resolve, 700));
		expect(recorder.state?.watchers).toEqual([]);
	});

	it('is closed when the hub stops, and by the next hub when the former one died', async () => {
		await recording();
		await watching();
		await world.stopHub();
		expect(await watchRows()).toMatchObject([{ open: false }]);
		await world.database.owner`INSERT INTO watch (id, agency_id, impersonation_id, staff_id, hub_id)
			VALUES (${world.ids.uuid()}, ${agencyId}, ${impersonation.id}, ${sofia.id}, ${world.ids.uuid()})`;
		await world.startHub();
		expect(await watchRows()).toMatchObject([{ open: false }, { open: false }]);
		expect((await actions()).map((row) => row.action)).toEqual(['watch.joined', 'watch.left', 'watch.left']);
	});
});

describe('news', () => {
	it('brings freeze and mode to page and watcher within a second, even when the signal is lost [V1, R12]', async () => {
		const { owner } = world.database;
		const recorder = await recording();
		const watcher = await watching();
		world.signals.isLosing = true;
		await owner`UPDATE impersonation SET frozen_at = now(), frozen_by = ${sofia.id}, freeze_note = 'Stop, please', mode = 'view'
			WHERE id = ${impersonation.id}`;
		const frozen = { by: 'Sofia Stern', note: 'Stop, please' };
		expect(await until(() => recorder.state?.frozen !== null, 'the freeze')).toBeLessThan(A_SECOND);
		expect(recorder.state).toMatchObject({ frozen, mode: 'view' });
		await until(() => watcher.sessions.at(-1)?.frozen !== null, 'the freeze at the watcher');
		expect(watcher.sessions.at(-1)).toMatchObject({ frozen, mode: 'view' });
	});

	it('shows the wall a session that begins, changes and ends without asking again, and none of another agency', async () => {
		const other = await world.addStaff(await world.addAgency(), ['supervise']);
		const [ours, theirs] = [new WatcherClient(world, sofia), new WatcherClient(world, other)];
		const open = (w: WatcherClient) => w.ask<{ ok: boolean; sessions: LiveSession[] }>('wall:open');
		expect((await open(theirs)).sessions).toEqual([]);
		await open(ours);
		const fresh = await world.addImpersonation(agencyId, 'Mika Moss');
		const isFresh = (session: LiveSession) => session.impersonationId === fresh.id;
		expect(await until(() => ours.wall.some(isFresh), 'the new session')).toBeLessThan(A_SECOND);
		const freshPage = await world.addPage(fresh);
		const recorder = await new RecorderClient(world, freshPage).ready();
		await recorder.append(0, snapshot());
		await until(() => ours.wall.some((it) => isFresh(it) && it.recording === 'live'), 'the recording');
		await world.end(null, { impersonationId: fresh.id, reason: 'switch_back' });
		expect(await until(() => ours.gone.includes(fresh.id), 'the end on the wall')).toBeLessThan(A_SECOND);
		expect(theirs.wall).toEqual([]);
		expect(theirs.gone).toEqual([]);
	});

	it('brings actions and views to those who watch while they happen', async () => {
		await recording();
		const watcher = await watching();
		const viewId = world.ids.uuid();
		await world.database
			.owner`INSERT INTO view (id, agency_id, impersonation_id, kind, address, subject_label, status)
			VALUES (${viewId}, ${agencyId}, ${impersonation.id}, 'page', '/invoices/7', 'Invoice 7', 200)`;
		await world.signals.publish({
			topic: 'view.written',
			agencyId,
			impersonationId: impersonation.id,
			viewId
		});
		await until(() => watcher.entries.some((entry) => entry.id === viewId), 'the view');
		expect(watcher.entries.at(-1)).toMatchObject({
			kind: 'view',
			title: 'Opened page',
			subject: 'Invoice 7',
			by: 'Maya Moon'
		});
		const second = await world.addStaff(agencyId, ['supervise'], 'Olga Oak');
		await watching(second);
		await until(
			() => watcher.entries.some((entry) => entry.title === 'Began watching' && entry.by === 'Olga Oak'),
			'the action'
		);
	});
});

describe('a lost right', () => {
	const losses: [string, () => Promise<unknown>][] = [
		[
			'permission',
			() => world.database.owner`UPDATE staff SET withdrawn = '{supervise}' WHERE id = ${sofia.id}`
		],
		['place in the team', () => world.database.owner`UPDATE staff SET active = false WHERE id = ${sofia.id}`],
		['session', () => world.database.owner`DELETE FROM staff_session WHERE id = ${sofia.sessionId}`]
	];
	it.each(losses)(
		'disconnects a watcher who lost the %s within a second without any signal [V1]',
		async (_, lose) => {
			const recorder = await recording();
			const watcher = await watching();
			world.signals.isLosing = true;
			await lose();
			expect(await until(() => watcher.disconnected !== null, 'the connection to close')).toBeLessThan(
				A_SECOND
			);
			expect(watcher.refused).toBe('not_allowed');
			const shown = watcher.batches.length;
			await recorder.append(1, [typed('a secret')]);
			expect(watcher.batches.length).toBe(shown);
			await until(async () => (await watchRows())[0]?.open === false, 'the watch to be closed');
		}
	);

	it('shows nobody anything while the rows do not answer', async () => {
		const recorder = await recording();
		const watcher = await watching();
		await until(() => watcher.batches.length === 1, 'the first batch');
		await world.stopHub();
		let isDead = false;
		const { sweepLive } = await import('#server/usecases/live/sweep-live.ts');
		const nothing = () => undefined;
		const turnZone = () => Promise.resolve();
		const sweep = sweepLive({
			db: world.database.db,
			endImpersonation: world.end,
			turnZone,
			onError: nothing
		});
		world.overrides = { sweepLive: (input) => (isDead ? Promise.reject(new Error('down')) : sweep(input)) };
		await world.startHub();
		world.overrides = {};
		const again = await new RecorderClient(world, page).ready();
		const late = await watching();
		await until(() => late.batches.length === 1, 'the first batch again');
		isDead = true;
		await new Promise((resolve) => setTimeout(resolve, 5_600));
		expect(await again.append(1, [typed('unseen')])).toMatchObject({ ok: true });
		await until(() => late.behind.length === 1, 'page:behind');
		expect(late.seqs(page.id)).toEqual([0]);
		isDead = false;
		expect(world.errors.splice(0).length).toBeGreaterThan(5);
		recorder.socket.disconnect();
	});
});

describe('the end', () => {
	const limits: [string, string, () => Promise<unknown>][] = [
		[
			'limit',
			'past its hard limit',
			() => world.database.owner`UPDATE impersonation SET expires_at = now() WHERE id = ${impersonation.id}`
		],
		[
			'idle',
			'past its idle limit',
			() => world.database
				.owner`UPDATE impersonation_pulse SET last_activity_at = now() - interval '11 minutes'
				WHERE impersonation_id = ${impersonation.id}`
		],
		[
			'lost_right',
			'of a staff member who may not impersonate any more',
			() =>
				world.database
					.owner`UPDATE staff SET withdrawn = '{impersonate}' WHERE id = ${impersonation.staff.id}`
		],
		[
			'signed_out',
			'whose staff session is over',
			() => world.database.owner`DELETE FROM staff_session WHERE id = ${impersonation.staff.sessionId}`
		]
	];
	it.each(limits)(
		'comes as "%s" to an impersonation %s, to page and watcher within a second',
		async (reason, _, cause) => {
			const recorder = await recording();
			const watcher = await watching();
			world.signals.isLosing = true;
			await cause();
			expect(await until(() => recorder.ended !== null, 'the end at the page')).toBeLessThan(A_SECOND);
			expect(recorder.ended).toEqual({ reason });
			await until(() => watcher.ended !== null, 'the end at the watcher');
			expect(watcher.ended).toEqual({ impersonationId: impersonation.id, reason });
			expect(await endReason()).toBe(reason);
		}
	);

	it('comes as "recorder_silent" when no page gave a beat for two minutes, and not sooner', async () => {
		const { owner } = world.database;
		await owner`UPDATE impersonation SET started_at = now() - interval '10 minutes' WHERE id = ${impersonation.id}`;
		await owner`UPDATE page SET last_beat_at = now() - interval '110 seconds' WHERE id = ${page.id}`;
		await new Promise((resolve) => setTimeout(resolve, 1_200));
		expect(await endReason()).toBeNull();
		await owner`UPDATE page SET last_beat_at = now() - interval '121 seconds' WHERE id = ${page.id}`;
		await until(async () => (await endReason()) === 'recorder_silent', 'the end', 2_000);
	});

	it('lets the page flush for two seconds, shows that too, then disconnects and lets nobody in [R10]', async () => {
		const recorder = await recording();
		const watcher = await watching();
		await world.end(null, { impersonationId: impersonation.id, reason: 'supervisor' });
		expect(await until(() => recorder.ended !== null, 'the end')).toBeLessThan(A_SECOND);
		expect(await recorder.append(1, [typed('the decisive second')])).toEqual({ ok: true, got: 1 });
		await until(() => watcher.seqs(page.id).length === 2, 'the flushed batch');
		await until(() => recorder.disconnected !== null, 'the connection to close', 4_000);
		expect(recorder.disconnected).toBe('io server disconnect');
		await expect(new RecorderClient(world, page).ready()).rejects.toThrow('impersonation_over');
		await until(async () => (await watchRows())[0]?.open === false, 'the watch to be closed');
	});
});
