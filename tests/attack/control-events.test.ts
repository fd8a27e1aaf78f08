// Control of a recorded page by those who do not have it, have it no more, or had it given by nobody.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ControlOrder, ControlState } from '#protocol/control.ts';
import { closeSockets, RecorderClient, snapshot, until, WatcherClient } from '../support/hub-client.ts';
import { HubWorld, type TestImpersonation, type TestPage, type TestStaff } from '../support/hub-world.ts';

let world: HubWorld;
let impersonation: TestImpersonation;
let page: TestPage;
let sofia: TestStaff;
let recorder: RecorderClient;
let orders: ControlOrder[];

const recording = async (on: TestPage): Promise<RecorderClient> => {
	const client = await new RecorderClient(world, on).ready();
	await client.append(0, snapshot());
	client.socket.on('control:do', (order: ControlOrder, answer: (said: string) => void) => {
		orders.push(order);
		answer('done');
	});
	return client;
};

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
	orders = [];
	const agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	page = await world.addPage(impersonation);
	sofia = await world.addStaff(agencyId, ['supervise']);
	recorder = await recording(page);
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

type Answer = { ok: boolean; refusal?: string; answer?: string; control?: ControlState };
const of = (other = impersonation) => ({ impersonationId: other.id });
const aim = (more: object = {}) => ({ ...of(), pageId: page.id, seq: 0, ...more });
const CLICK = { kind: 'click', node: 5, x: 0.5, y: 0.5 };
const everything = (): [string, object][] => [
	['control:click', aim({ deed: CLICK })],
	['control:type', aim({ deed: { kind: 'type', text: 'x' } })],
	['control:scroll', aim({ deed: { kind: 'scroll', node: 5, dx: 0, dy: 9 } })],
	['control:select', aim({ deed: { kind: 'select', node: 5, index: 1 } })],
	['control:key', aim({ deed: { kind: 'key', key: 'Enter' } })]
];
const ask = (who: WatcherClient, event: string, payload: object) => who.ask<Answer>(event, payload);
const watching = async (staff: TestStaff, whose = impersonation): Promise<WatcherClient> => {
	const watcher = new WatcherClient(world, staff);
	await watcher.watch(whose.id);
	return watcher;
};
/** Asks, and has the one inside say yes. */
const steering = async (staff = sofia): Promise<{ holder: WatcherClient; id: string }> => {
	const holder = await watching(staff);
	const asked = await ask(holder, 'control:ask', of());
	const id = asked.control?.id ?? '';
	expect(await recorder.socket.emitWithAck('control:answer', { id, isGranted: true })).toEqual({ ok: true });
	await until(async () => (await ask(holder, 'control:click', aim({ deed: CLICK }))).ok, 'control');
	orders.length = 0;
	return { holder, id };
};
const NOT_ALLOWED = { ok: false, refusal: 'not_allowed' };
/** Its bucket may be empty before it is refused. */
const refusedSoon = (holder: WatcherClient): Promise<number> =>
	until(async () => {
		const { ok, refusal } = await ask(holder, 'control:click', aim({ deed: CLICK }));
		return !ok && refusal !== 'too_fast';
	}, 'the refusal');
const actions = async () =>
	(
		await world.database.owner<{ action: string; kind: string }[]>`
		SELECT action, actor_kind AS kind FROM action
		WHERE impersonation_id = ${impersonation.id} AND action LIKE '%control%' ORDER BY seq`
	).map(({ action, kind }) => `${action} ${kind}`);

describe('control', () => {
	it('is asked for, given, used and taken back, each in the log; the next click is refused [K1, K2, K5]', async () => {
		const { holder, id } = await steering();
		for (const [event, payload] of everything())
			expect(await ask(holder, event, payload), event).toEqual({ ok: true, answer: 'done' });
		expect(orders.map(({ deed }) => deed.kind)).toEqual(['click', 'type', 'scroll', 'select', 'key']);
		expect(orders[0]).toEqual({ id, ...aim(), deed: CLICK });
		await until(() => recorder.state?.control?.state === 'held', 'the state on the page');
		expect(await recorder.socket.emitWithAck('control:take', { id })).toEqual({ ok: true });
		await refusedSoon(holder);
		expect(await actions()).toEqual([
			'control.asked staff',
			'impersonation.control_given impersonation',
			'impersonation.control_taken impersonation'
		]);
		// What was ordered is kept when the connection goes, and who ordered it.
		holder.socket.disconnect();
		await until(async () => (await actions()).at(-1) === 'control.steered staff', 'the row of the orders');
	});

	it('without a yes steers nothing, and no yes of the watcher counts [K2]', async () => {
		const watcher = await watching(sofia);
		const { control } = await ask(watcher, 'control:ask', of());
		const forged = { id: control?.id, isGranted: true };
		expect(await ask(watcher, 'control:answer', forged)).toEqual({ ok: false, refusal: 'unknown_event' });
		for (const [event, payload] of everything())
			expect(await ask(watcher, event, { ...payload, control: { state: 'held' } }), event).toEqual(
				NOT_ALLOWED
			);
		expect(
			await recorder.socket.emitWithAck('control:answer', { id: control?.id, isGranted: false })
		).toEqual({
			ok: true
		});
		expect(await ask(watcher, 'control:click', aim({ deed: CLICK }))).toEqual(NOT_ALLOWED);
		expect(orders).toEqual([]);
	});

	it('is for moderators who watch: not for helpers, the unseen, another agency, or one’s own session [K1]', async () => {
		await world.database.owner`UPDATE staff SET granted = '{supervise}' WHERE id = ${impersonation.staff.id}`;
		const callers = [
			await watching(await world.addStaff(impersonation.agencyId, ['assist'])),
			new WatcherClient(world, sofia),
			new WatcherClient(world, await world.addStaff(await world.addAgency(), ['supervise'])),
			await watching(impersonation.staff)
		];
		for (const caller of callers)
			for (const [event, payload] of [
				['control:ask', of()],
				['control:release', of()],
				...everything()
			] as const)
				expect(await ask(caller, event, payload), event).toEqual(NOT_ALLOWED);
		expect(orders).toEqual([]);
	});

	it('is one’s alone: a second moderator, a second tab and a second session are refused [K3]', async () => {
		const { holder } = await steering();
		const mira = await watching(await world.addStaff(impersonation.agencyId, ['supervise'], 'Mira'));
		expect(await ask(mira, 'control:ask', of())).toEqual({ ok: false, refusal: 'try_later' });
		const tab = await watching(sofia);
		for (const caller of [mira, tab])
			expect(await ask(caller, 'control:click', aim({ deed: CLICK }))).toEqual(NOT_ALLOWED);
		const other = await world.addImpersonation(impersonation.agencyId);
		const elsewhere = await watching(sofia, other);
		expect(await ask(elsewhere, 'control:ask', of(other))).toEqual({ ok: false, refusal: 'try_later' });
		expect(await ask(holder, 'control:click', aim({ deed: CLICK }))).toMatchObject({ ok: true });
		const foreign = await world.addPage(other);
		expect(await ask(holder, 'control:click', { ...aim({ deed: CLICK }), pageId: foreign.id })).toEqual({
			ok: false,
			refusal: 'wrong_page'
		});
	});
});

describe('control ends at once', () => {
	it('when it is given back, and with Freeze [K5]', async () => {
		const { holder } = await steering();
		expect(await ask(holder, 'control:release', of())).toEqual({ ok: true });
		expect(await ask(holder, 'control:click', aim({ deed: CLICK }))).toEqual(NOT_ALLOWED);
		// What may be under way still counts: nobody is let in meanwhile.
		expect(await ask(holder, 'control:ask', of())).toEqual({ ok: false, refusal: 'try_later' });
		await world.database.owner`DELETE FROM control`;
		const again = await steering();
		await world.database
			.owner`UPDATE impersonation SET frozen_at = now(), freeze_note = 'Wait' WHERE id = ${impersonation.id}`;
		await refusedSoon(again.holder);
	});

	it('with the right to it, and with the connection [K5]', async () => {
		const { holder } = await steering();
		holder.socket.disconnect();
		await until(() => recorder.state?.control === null, 'the end on the page');
		expect((await actions()).at(-1)).toBe('control.released system');
		await world.database.owner`DELETE FROM control`;
		const again = await steering();
		await world.database.owner`UPDATE staff SET withdrawn = '{supervise}' WHERE id = ${sofia.id}`;
		await until(() => again.holder.disconnected !== null, 'the refusal', 1_500);
		await until(() => recorder.state?.control === null, 'the end on the page');
	});

	it('with the right to it alone: the holder watches on as a helper, and the one inside is free [K5]', async () => {
		const { holder } = await steering();
		await world.database
			.owner`UPDATE staff SET granted = '{assist}', withdrawn = '{supervise}' WHERE id = ${sofia.id}`;
		await until(() => recorder.state?.control === null, 'the end on the page');
		expect(holder.disconnected).toBeNull();
		expect((await actions()).at(-1)).toBe('control.released system');
		expect(await ask(holder, 'control:click', aim({ deed: CLICK }))).toEqual(NOT_ALLOWED);
	});

	it('with the hub of the holder, by the database’s clock [K5]', async () => {
		const { holder } = await steering();
		await world.database.owner`UPDATE control SET until = clock_timestamp() - interval '1 second'`;
		await refusedSoon(holder);
		await until(async () => (await actions()).at(-1) === 'control.released system', 'the row of the lapse');
	});
});

it('deeds of the wrong shape never reach the page [K4]', async () => {
	const { holder } = await steering();
	const wrong: [string, object][] = [
		['control:click', { kind: 'click', node: 5, x: 40, y: 0 }],
		['control:click', { kind: 'click', node: 0, x: 0, y: 0 }],
		['control:type', { kind: 'click', node: 5, x: 0, y: 0 }],
		['control:type', { kind: 'type', text: 'x'.repeat(2_001) }]
	];
	for (const [event, deed] of wrong)
		expect(await ask(holder, event, aim({ deed })), event).toEqual({ ok: false, refusal: 'malformed' });
	expect(orders).toEqual([]);
});

it('a flood is cut down to a person’s pace [K4]', async () => {
	const { holder } = await steering();
	const startedAt = performance.now();
	const answers = await Promise.all(
		Array.from({ length: 200 }, () => ask(holder, 'control:click', aim({ deed: CLICK })))
	);
	const seconds = (performance.now() - startedAt) / 1_000;
	expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(60 + 30 * seconds + 1);
	expect(answers.some(({ refusal }) => refusal === 'too_fast')).toBe(true);
});
