import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { HelpMessage, Mark } from '#protocol/help.ts';
import { closeSockets, RecorderClient, snapshot, until, WatcherClient } from '../support/hub-client.ts';
import { HubWorld, type TestImpersonation, type TestPage, type TestStaff } from '../support/hub-world.ts';

let world: HubWorld;
let impersonation: TestImpersonation;
let page: TestPage;
let sofia: TestStaff;
let recorder: RecorderClient;
let helper: WatcherClient;

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
	const agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	page = await world.addPage(impersonation);
	sofia = await world.addStaff(agencyId, ['supervise']);
	recorder = await new RecorderClient(world, page).ready();
	await recorder.append(0, snapshot());
	helper = new WatcherClient(world, sofia);
	await helper.watch(impersonation.id);
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

const of = () => ({ impersonationId: impersonation.id });
const actions = () =>
	world.database.owner<{ action: string; kind: string; staff: string; details: string }[]>`
		SELECT x.action, x.actor_kind AS kind, x.actor_staff_id AS staff, d.details FROM action x
		JOIN action_details d ON d.seq = x.seq WHERE x.impersonation_id = ${impersonation.id} ORDER BY x.seq`;

it('carries lines both ways, keeps each as a row of the log, and reads them back to whoever comes [H3]', async () => {
	const [toPage, toWatcher]: HelpMessage[][] = [[], []];
	recorder.socket.on('help:message', (message: HelpMessage) => toPage?.push(message));
	helper.socket.on('help:message', (message: HelpMessage) => toWatcher?.push(message));
	expect(await helper.ask('help:write', { ...of(), text: ' Try the second tab. ' })).toEqual({ ok: true });
	await until(() => toPage?.length === 1, 'the line in the page');
	expect(await recorder.socket.emitWithAck('help:write', { text: 'Found it, thanks' })).toEqual({ ok: true });
	await until(() => toWatcher?.length === 2, 'both lines at the watcher');
	expect(toWatcher?.map(({ text, isInside, by }) => [text, isInside, by.name])).toEqual([
		['Try the second tab.', false, sofia.name],
		['Found it, thanks', true, impersonation.staff.name]
	]);
	const opened = await helper.ask<{ messages: HelpMessage[]; mayHelp: boolean }>('help:open', of());
	expect(opened.mayHelp).toBe(true);
	expect(opened.messages.map(({ id }) => id)).toEqual(toWatcher?.map(({ id }) => id));
	const inside = await recorder.socket.emitWithAck('help:open');
	expect(inside.messages).toEqual(opened.messages);
	const written = (await actions()).filter(({ action }) => action.endsWith('.wrote'));
	expect(written).toMatchObject([
		{ action: 'watch.wrote', kind: 'staff', staff: sofia.id },
		{ action: 'impersonation.wrote', kind: 'impersonation', staff: impersonation.staff.id }
	]);
	expect(written[0]?.details).toContain('Try the second tab.');
});

it('raises a hand for every wall and watcher, and takes it down for all once somebody is on it [H4]', async () => {
	const wall = new WatcherClient(world, sofia);
	await wall.ask('wall:open');
	expect(await recorder.socket.emitWithAck('help:hand', { isRaised: true, note: 'Which plan?' })).toEqual({
		ok: true
	});
	await until(() => wall.wall.at(-1)?.hand?.note === 'Which plan?', 'the hand on the wall');
	await until(() => helper.sessions.at(-1)?.hand?.note === 'Which plan?', 'the hand at the watcher');
	await until(() => recorder.state?.hand?.note === 'Which plan?', 'the hand on the page');
	expect(await helper.ask('help:answer', of())).toEqual({ ok: true });
	await until(() => recorder.state?.hand === null, 'the hand taken down');
	// Answered already: nobody is told twice that it was.
	expect(await helper.ask('help:answer', of())).toEqual({ ok: false, refusal: 'try_later' });
	expect((await actions()).map(({ action }) => action)).toEqual([
		'watch.joined',
		'impersonation.hand_raised',
		'watch.answered'
	]);
});

it('shows pointing and drawing on the page that is meant and to all who watch, and keeps one row of each [H5]', async () => {
	const second = await new RecorderClient(world, await world.addPage(impersonation)).ready();
	const [here, elsewhere, watched]: Mark[][] = [[], [], []];
	recorder.socket.on('help:mark', (mark: Mark) => here?.push(mark));
	second.socket.on('help:mark', (mark: Mark) => elsewhere?.push(mark));
	helper.socket.on('help:mark', (mark: Mark) => watched?.push(mark));
	const on = { ...of(), pageId: page.id };
	for (const x of [0.1, 0.2, 0.3]) await helper.ask('help:point', { ...on, at: { node: 5, x, y: 0.5 } });
	await helper.ask('help:point', { ...on, at: null });
	for (const isEnd of [false, true])
		await helper.ask('help:draw', { ...on, stroke: 1, node: 5, points: [[0.1, 0.2]], isEnd });
	await until(() => here?.length === 6 && watched?.length === 6, 'all marks');
	expect(here?.[0]).toEqual({
		kind: 'point',
		by: { staffId: sofia.id, name: sofia.name },
		pageId: page.id,
		at: { node: 5, x: 0.1, y: 0.5 }
	});
	expect(elsewhere).toEqual([]);
	await world.stopHub();
	const shown = (await actions()).filter(({ action }) => /pointed|drew/.test(action));
	await world.startHub();
	expect(shown.map(({ action }) => action).toSorted()).toEqual(['watch.drew', 'watch.pointed']);
	const drawn = JSON.parse(shown.find(({ action }) => action === 'watch.drew')?.details ?? '{}') as object;
	expect(drawn).toMatchObject({
		shown: {
			pageId: page.id,
			strokes: [
				{
					node: 5,
					points: [
						[0.1, 0.2],
						[0.1, 0.2]
					]
				}
			]
		}
	});
});

it('shows a wall the wireframe of the page in use: at once, then as it changes, and only while asked [H2]', async () => {
	const sketch = { width: 1000, height: 600, boxes: [1, 0, 0, 9, 9], at: null };
	const say = (what: object) => recorder.socket.emitWithAck('help:sketch', what);
	expect(await say(sketch)).toEqual({ ok: true });
	const wall = new WatcherClient(world, sofia);
	const heard: { sketch: object }[] = [];
	wall.socket.on('wall:sketch', (told: { sketch: object }) => heard.push(told));
	await wall.ask('wall:open');
	await wall.ask('wall:tiles', { isOn: true });
	await until(() => heard.length === 1, 'the wireframe that was there');
	expect(heard[0]).toEqual({ ...of(), pageId: page.id, sketch });
	// Boxes that are as before are not sent again, and the wall has them all the same.
	await say({ width: 1000, height: 600, at: [3, 4] });
	await until(() => heard.length === 2, 'the pointer');
	expect(heard[1]?.sketch).toEqual({ ...sketch, at: [3, 4] });
	await wall.ask('wall:tiles', { isOn: false });
	await say({ ...sketch, at: [5, 5] });
	await wall.ask('wall:open');
	expect(heard).toHaveLength(2);
});

it('keeps one wireframe of each page for lists, whatever else the page sends, and nothing of an empty one [H2]', async () => {
	const other = await world.addPage(impersonation);
	const blank = await new RecorderClient(world, other).ready();
	const empty = { width: 1000, height: 600, boxes: [], at: null };
	const full = { ...empty, boxes: [1, 0, 0, 255, 9, 2, 0, 20, 9, 9] };
	await blank.socket.emitWithAck('help:sketch', empty);
	for (const sketch of [empty, full, { ...full, boxes: [1, 0, 0, 9, 9] }])
		expect(await recorder.socket.emitWithAck('help:sketch', sketch)).toEqual({ ok: true });
	// Whatever is under way is written before a hub is gone.
	await world.stopHub();
	const kept = await world.database
		.owner`SELECT page_id, agency_id, width, height, encode(boxes, 'hex') AS boxes
		FROM page_sketch WHERE impersonation_id = ${impersonation.id}`;
	await world.startHub();
	expect([...kept]).toEqual([
		{
			page_id: page.id,
			agency_id: impersonation.agencyId,
			width: 1000,
			height: 600,
			boxes: '010000ff090200140909'
		}
	]);
});

it('tells the wall what makes a session worth a look, soon after it happened', async () => {
	const wall = new WatcherClient(world, sofia);
	await wall.ask('wall:open');
	await world
		.act(
			{
				kind: 'impersonation',
				agencyId: impersonation.agencyId,
				clientId: impersonation.clientId,
				contactId: impersonation.contactId,
				impersonationId: impersonation.id,
				act: { staffId: impersonation.staff.id },
				pageId: page.id
			},
			{ action: 'credentials.changed' },
			() => Promise.resolve({ value: undefined })
		)
		.catch(() => undefined);
	await until(() => (wall.wall.at(-1)?.risks?.length ?? 0) > 0, 'the risk on the wall');
	expect(wall.wall.at(-1)?.risks?.map(({ key }) => key)).toEqual(
		expect.arrayContaining(['permissions', 'refused'])
	);
});
