// Whatever is said on the hub's sockets, by whoever holds a ticket or a session and outside of any protocol: the hub lives, and an
// honest page and its watcher beside it lose nothing, get nothing twice and see nothing that was not sent.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Socket } from 'socket.io-client';
import { PROTOCOL_VERSION } from '#protocol/index.ts';
import { seeded } from '#support/seeded.ts';
import {
	closeSockets,
	rawSocket,
	RecorderClient,
	snapshot,
	typed,
	until,
	WatcherClient
} from '../support/hub-client.ts';
import { AGENCY_ORIGIN, HubWorld, PORTAL_ORIGIN, type TestImpersonation } from '../support/hub-world.ts';

const STEPS = 60;
const SEEDS = [1, 2, 3, 4];

let world: HubWorld;
beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
afterEach(() => {
	closeSockets();
	world.errors.splice(0);
});

type Random = () => number;
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

const NAMES = [
	'record:append',
	'record:where',
	'record:ready',
	'beat:ask',
	'wall:open',
	'session:watch',
	'session:look',
	'session:leave',
	'page:follow',
	'page:batch',
	'help:open',
	'help:write',
	'help:answer',
	'help:point',
	'help:draw',
	'help:sketch',
	'help:hand',
	'wall:tiles',
	'duty:open',
	'connect',
	'disconnect',
	'__proto__',
	'constructor',
	''
];

/** Values of every kind, most of them what nobody expects. */
function anything(random: Random, ids: readonly string[], depth = 0): unknown {
	const plain = [
		null,
		true,
		-1,
		0,
		1e308,
		Number.MAX_SAFE_INTEGER,
		'',
		'[]',
		'[{"type":3,"timestamp":1,"data":{"source":0}}]',
		'\ud800',
		'x'.repeat(5_000),
		new Uint8Array([0x5b, 0x5d]),
		new Uint8Array(70_000),
		...ids
	];
	if (depth > 3 || random() < 0.5) return pick(random, plain);
	const some = Array.from({ length: Math.floor(random() * 4) }, () => anything(random, ids, depth + 1));
	if (random() < 0.3) return some;
	const fields = [
		'seq',
		'part',
		'parts',
		'clock',
		'wall',
		'impersonationId',
		'pageId',
		'checkpoint',
		'text',
		'visible'
	];
	return Object.fromEntries(some.map((value) => [pick(random, [...fields, '__proto__', 'toString']), value]));
}

/** Messages below socket.io: torn, out of order, of kinds that do not exist. */
function frame(random: Random): string | Uint8Array {
	const whole = pick(random, [
		'42/record,["record:append",{"seq":1,"part":0,"parts":1},"[]"]',
		'42/watch,7["page:follow",{"pageId":"x"}]',
		'451-/record,1["record:append",{"seq":0,"part":0,"parts":2},{"_placeholder":true,"num":0}]',
		'452-/record,["record:append",{"_placeholder":true,"num":1},{"_placeholder":true,"num":9}]',
		'43/record,99999[{"wall":1}]',
		'40/record,{"version":1}',
		'40/,{}',
		'41/record,',
		'44/record,{"message":"no"}',
		'49',
		'2',
		'3probe',
		'9'.repeat(300)
	]);
	if (random() < 0.15) return new Uint8Array(Math.floor(random() * 2_000));
	return random() < 0.5 ? whole : whole.slice(0, Math.floor(random() * whole.length));
}

/** One hostile connection: a page's own, a supervisor's of another agency, or one without any right. */
async function intrude(
	random: Random,
	inside: TestImpersonation,
	other: { cookie: string }
): Promise<Socket> {
	const which = random();
	if (which < 0.5) return new RecorderClient(world, await world.addPage(inside)).socket;
	if (which < 0.8)
		return rawSocket(
			world.port,
			'/watch',
			{ version: PROTOCOL_VERSION },
			{
				origin: AGENCY_ORIGIN,
				host: 'agency.test',
				cookie: other.cookie
			}
		);
	return rawSocket(
		world.port,
		pick(random, ['/', '/record', '/watch', '/none']),
		{ version: pick(random, [0, 1, '1']) },
		{
			origin: PORTAL_ORIGIN,
			host: 'portal.test'
		}
	);
}

it.each(SEEDS)('goes on for those who are honest, whatever the others say (seed %i)', async (seed) => {
	const random = seeded(seed);
	const agencyId = await world.addAgency();
	const inside = await world.addImpersonation(agencyId);
	const page = await world.addPage(inside);
	const stranger = await world.addStaff(await world.addAgency(), ['supervise']);
	const recorder = await new RecorderClient(world, page).ready();
	const watcher = new WatcherClient(world, await world.addStaff(agencyId, ['supervise']));
	await watcher.watch(inside.id);
	await recorder.append(0, snapshot());
	await watcher.ask('page:follow', { impersonationId: inside.id, pageId: page.id, text: true });
	let hostile = await intrude(random, inside, stranger);
	for (let step = 1; step <= STEPS; step++) {
		if (!hostile.active || random() < 0.1) hostile = await intrude(random, inside, stranger);
		const ids = [inside.id, page.id];
		const args = Array.from({ length: Math.floor(random() * 4) }, () => anything(random, ids));
		// Its own connection may be gone already: then this goes nowhere, and the next step brings another.
		if (random() < 0.6)
			hostile.emit(pick(random, NAMES.slice(0, -5)), ...args, ...(random() < 0.5 ? [() => undefined] : []));
		else if (hostile.connected) hostile.io.engine.write(frame(random) as string);
		expect(await recorder.append(step, [typed(`honest ${step}`)])).toEqual({ ok: true, got: step });
	}
	await until(() => watcher.seqs(page.id).length > STEPS, 'all that is honest');
	expect(watcher.seqs(page.id)).toEqual(Array.from({ length: STEPS + 1 }, (_, seq) => seq));
	const shown = watcher
		.events(page.id)
		.slice(2)
		.map(({ data }) => (data as { text: string }).text);
	expect(shown).toEqual(Array.from({ length: STEPS }, (_, n) => `honest ${n + 1}`));
	expect(watcher.texts).toBe(STEPS + 1);
});
