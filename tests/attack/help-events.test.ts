import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HelpMessage, Mark } from '#protocol/help.ts';
import { closeSockets, RecorderClient, snapshot, until, WatcherClient } from '../support/hub-client.ts';
import { HubWorld, type TestImpersonation, type TestPage, type TestStaff } from '../support/hub-world.ts';

let world: HubWorld;
let impersonation: TestImpersonation;
let page: TestPage;
let sofia: TestStaff;
let recorder: RecorderClient;
let said: HelpMessage[];
let marks: Mark[];

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
	const agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	page = await world.addPage(impersonation);
	sofia = await world.addStaff(agencyId, ['assist']);
	recorder = await new RecorderClient(world, page).ready();
	await recorder.append(0, snapshot());
	[said, marks] = [[], []];
	recorder.socket.on('help:message', (message: HelpMessage) => said.push(message));
	recorder.socket.on('help:mark', (mark: Mark) => marks.push(mark));
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

const watching = async (staff: TestStaff): Promise<WatcherClient> => {
	const watcher = new WatcherClient(world, staff);
	await watcher.watch(impersonation.id);
	return watcher;
};
const line = (text = 'Hello') => ({ impersonationId: impersonation.id, text });
const place = () => ({ impersonationId: impersonation.id, pageId: page.id, at: { node: 1, x: 0.5, y: 0.5 } });
const stroke = (points: [number, number][] = [[0, 0]]) => ({
	impersonationId: impersonation.id,
	pageId: page.id,
	stroke: 1,
	node: 1,
	points,
	isEnd: true
});
const ask = (watcher: WatcherClient, event: string, payload: object) =>
	watcher.ask<{ ok: boolean; refusal?: string }>(event, payload);
const everything = (): [string, object][] => [
	['help:write', line()],
	['help:answer', { impersonationId: impersonation.id }],
	['help:point', place()],
	['help:draw', stroke()]
];
/** Whatever was refused must not have reached the page; an honest line behind it shows that nothing is still on its way. */
const reachesNobody = async () => {
	const honest = await watching(sofia);
	expect(await ask(honest, 'help:write', line('honest'))).toEqual({ ok: true });
	await until(() => said.length > 0, 'the honest line');
	expect(said.map(({ text }) => text)).toEqual(['honest']);
	expect(marks).toEqual([]);
};

describe('help without the right to it', () => {
	it('is refused to whoever may only watch [H1]', async () => {
		const observer = await watching(await world.addStaff(impersonation.agencyId, ['observe'], 'Olga Oak'));
		for (const [event, payload] of everything())
			expect(await ask(observer, event, payload), event).toEqual({ ok: false, refusal: 'not_allowed' });
		expect(await ask(observer, 'help:open', { impersonationId: impersonation.id })).toMatchObject({
			ok: true,
			mayHelp: false
		});
		await reachesNobody();
	});

	it('is refused to a helper of another agency, who does not even learn that there is such a session [V2, H1]', async () => {
		const stranger = new WatcherClient(world, await world.addStaff(await world.addAgency(), ['supervise']));
		const own = [...everything(), ['help:open', { impersonationId: impersonation.id }] as [string, object]];
		for (const [event, payload] of own)
			expect(await ask(stranger, event, payload), event).toEqual({ ok: false, refusal: 'not_allowed' });
		await reachesNobody();
	});

	it('is refused to a helper who does not watch: nobody helps unseen [H1]', async () => {
		const unseen = new WatcherClient(world, sofia);
		for (const [event, payload] of everything())
			expect(await ask(unseen, event, payload), event).toEqual({ ok: false, refusal: 'not_allowed' });
		await reachesNobody();
	});

	it('is refused in the own impersonation [H1]', async () => {
		await world.database.owner`UPDATE staff SET granted = '{supervise}' WHERE id = ${impersonation.staff.id}`;
		const own = await watching(impersonation.staff);
		for (const [event, payload] of everything())
			expect(await ask(own, event, payload), event).toEqual({ ok: false, refusal: 'not_allowed' });
		await reachesNobody();
	});

	it('ends with the right, within a second, while the watch goes on [H1]', async () => {
		const helper = await watching(sofia);
		expect(await ask(helper, 'help:write', line('before'))).toEqual({ ok: true });
		await world.database
			.owner`UPDATE staff SET granted = '{observe}', withdrawn = '{assist}' WHERE id = ${sofia.id}`;
		const refusal = async () => (await ask(helper, 'help:point', place())).refusal;
		await until(async () => (await refusal()) === 'not_allowed', 'the refusal');
		expect(await ask(helper, 'help:write', line('after'))).toEqual({ ok: false, refusal: 'not_allowed' });
		expect(helper.disconnected).toBeNull();
		expect(said.map(({ text }) => text)).toEqual(['before']);
	});

	it('is refused on a page of another impersonation', async () => {
		const other = await world.addPage(await world.addImpersonation(impersonation.agencyId));
		const helper = await watching(sofia);
		expect(await ask(helper, 'help:point', { ...place(), pageId: other.id })).toEqual({
			ok: false,
			refusal: 'wrong_page'
		});
	});
});

describe('a second person', () => {
	const look = (watcher: WatcherClient) =>
		ask(watcher, 'session:look', { impersonationId: impersonation.id });
	const REFUSED = { ok: false, refusal: 'not_allowed' };
	const zones: unknown[] = [];

	beforeEach(async () => {
		await world.database.owner`UPDATE agency SET zones = '["invoices"]' WHERE id = ${impersonation.agencyId}`;
		await world.database.owner`UPDATE impersonation SET zone = 'invoices' WHERE id = ${impersonation.id}`;
		recorder.socket.on('session:changed', (state: { zone?: { isOpen: boolean } }) =>
			zones.push(state.zone?.isOpen)
		);
	});

	it('is nobody who may only help, who watches something else, who is inside or of another agency [V9]', async () => {
		expect(await look(await watching(sofia))).toEqual(REFUSED);
		const { agencyId } = impersonation;
		expect(await look(new WatcherClient(world, await world.addStaff(agencyId, ['supervise'])))).toEqual(
			REFUSED
		);
		const stranger = await world.addStaff(await world.addAgency(), ['supervise']);
		expect(await look(new WatcherClient(world, stranger))).toEqual(REFUSED);
		await world.database.owner`UPDATE staff SET granted = '{supervise}' WHERE id = ${impersonation.staff.id}`;
		expect(await look(await watching(impersonation.staff))).toEqual(REFUSED);
		const [row] = await world.database.owner`SELECT count(looked_at)::int AS looks FROM watch`;
		expect(row?.['looks']).toBe(0);
	});

	it('opens the zone by looking, and the page hears of it, as it does when they leave [V9]', async () => {
		const moderator = await watching(await world.addStaff(impersonation.agencyId, ['supervise'], 'Mia Moor'));
		expect(await look(moderator)).toEqual({ ok: true });
		await until(() => zones.at(-1) === true, 'the open zone');
		await moderator.ask('session:leave');
		await until(() => zones.at(-1) === false, 'the closed zone');
	});
});

describe('help of the wrong shape', () => {
	it.each([
		['a drawing of too many points', 'help:draw', () => stroke(Array.from({ length: 65 }, () => [0, 0]))],
		['a drawing that reaches far off the page', 'help:draw', () => stroke([[1e9, 0]])],
		['a place that is no number', 'help:point', () => ({ ...place(), at: { node: 1, x: NaN, y: 0 } })],
		['a line without words', 'help:write', () => line('   ')],
		['a line that is a book', 'help:write', () => line('x'.repeat(1_001))],
		['a name of its own', 'help:write', () => ({ ...line(), text: { by: 'Admin' } })]
	])('%s is refused, and the page hears nothing', async (_, event, payload) => {
		const helper = await watching(sofia);
		expect(await ask(helper, event, payload())).toEqual({ ok: false, refusal: 'malformed' });
		await reachesNobody();
	});

	it('markup is a text like any other, and the sender is who they are [H3]', async () => {
		const helper = await watching(sofia);
		const text = '<img src=x onerror="alert(1)">';
		await ask(helper, 'help:write', { ...line(text), by: { staffId: 'x', name: 'Admin' } });
		await until(() => said.length === 1, 'the line');
		expect(said[0]).toMatchObject({ text, by: { staffId: sofia.id, name: sofia.name }, isInside: false });
	});
});

it('a flood is cut down to a person’s pace, and the recording does not notice [H6]', async () => {
	const helper = await watching(sofia);
	const startedAt = performance.now();
	const answers = await Promise.all(Array.from({ length: 300 }, () => ask(helper, 'help:point', place())));
	const taken = answers.filter(({ ok }) => ok).length;
	expect(taken).toBeGreaterThan(0);
	// As many as the burst, and as came by while it lasted.
	const paces = (performance.now() - startedAt) / 1_000;
	expect(taken).toBeLessThanOrEqual(60 + 30 * paces + 1);
	const lines = await Promise.all(
		Array.from({ length: 30 }, (_, n) => ask(helper, 'help:write', line(`${n}`)))
	);
	expect(lines.filter(({ ok }) => !ok).length).toBeGreaterThan(10);
	const sketch = { width: 10, height: 10, boxes: [1, 0, 0, 1, 1], at: null };
	const sketches = Array.from({ length: 40 }, () => recorder.socket.emitWithAck('help:sketch', sketch));
	const refused = (await Promise.all(sketches)).filter((reply: { ok: boolean }) => !reply.ok);
	expect(refused.length).toBeGreaterThan(20);
	expect(recorder.disconnected).toBeNull();
	expect(recorder.refusals).toEqual([]);
});

it('a wireframe that is too large is refused and shown to no wall [H2]', async () => {
	const wall = new WatcherClient(world, sofia);
	const heard: unknown[] = [];
	wall.socket.on('wall:sketch', (told) => heard.push(told));
	await wall.ask('wall:open');
	await wall.ask('wall:tiles', { isOn: true });
	const boxes = Array.from({ length: 605 }, () => 1);
	const reply = await recorder.socket.emitWithAck('help:sketch', { width: 10, height: 10, boxes, at: null });
	expect(reply).toEqual({ ok: false, refusal: 'malformed' });
	await recorder.socket.emitWithAck('help:sketch', {
		width: 10,
		height: 10,
		boxes: [1, 0, 0, 1, 1],
		at: null
	});
	await until(() => heard.length > 0, 'the honest wireframe');
	expect(heard).toHaveLength(1);
});
