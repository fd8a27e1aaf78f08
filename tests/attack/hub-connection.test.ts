import { connect } from 'node:net';
import { Manager } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '#protocol/index.ts';
import { MAX_HANDOVERS } from '#realtime/hub/hub-limits.ts';
import {
	closeSockets,
	RecorderClient,
	rawSocket,
	refusalOf,
	snapshot,
	until,
	WatcherClient
} from '../support/hub-client.ts';
import {
	AGENCY_ORIGIN,
	HubWorld,
	PORTAL_ORIGIN,
	type TestImpersonation,
	type TestPage,
	type TestStaff
} from '../support/hub-world.ts';
import type { AgencyId } from '#domain/ids.ts';

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
	agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	page = await world.addPage(impersonation);
	sofia = await world.addStaff(agencyId, ['supervise']);
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

const portal = { origin: PORTAL_ORIGIN, host: 'portal.test' };
const agency = { origin: AGENCY_ORIGIN, host: 'agency.test' };
const version = PROTOCOL_VERSION;

const record = (auth: object, cookie?: string, headers: object = portal) =>
	refusalOf(rawSocket(world.port, '/record', auth, { ...headers, cookie }));
const watch = (cookie?: string, headers: object = agency, auth: object = { version }) =>
	refusalOf(rawSocket(world.port, '/watch', auth, { ...headers, cookie }));

describe('/record', () => {
	it('refuses a page without the impersonation cookie, and one with a cookie nobody issued [R1]', async () => {
		expect(await record({ version, ticket: page.ticket })).toBe('not_signed_in');
		expect(await record({ version, ticket: page.ticket }, '__Host-impersonation=guessed')).toBe(
			'not_signed_in'
		);
	});

	it('admits so many that hand over an earlier document’s rest, and their number keeps no page out [R11]', async () => {
		const handover = { version, ticket: page.ticket, handover: true };
		const handing = await Promise.all(
			Array.from({ length: MAX_HANDOVERS + 3 }, () => {
				const socket = rawSocket(world.port, '/record', handover, { ...portal, cookie: page.cookie });
				return refusalOf(socket).then((refusal) => ({ socket, refusal }));
			})
		);
		expect(handing.filter(({ refusal }) => refusal === 'too_fast')).toHaveLength(3);
		expect(handing.filter(({ refusal }) => refusal === null)).toHaveLength(MAX_HANDOVERS);
		await new RecorderClient(world, page).ready();
		handing.find(({ refusal }) => refusal === null)?.socket.disconnect();
		await expect.poll(() => record(handover, page.cookie)).toBeNull();
	});

	it('refuses the cookie without a ticket, or with one whose ids were exchanged after minting [R1]', async () => {
		const other = await world.addPage(impersonation);
		const forged = page.ticket.replace(page.id, other.id);
		expect(await record({ version, ticket: '' }, page.cookie)).toBe('not_signed_in');
		expect(await record({ version, ticket: forged }, page.cookie)).toBe('not_signed_in');
	});

	it('refuses one impersonation’s ticket beside another’s cookie, in both directions and across agencies [R1]', async () => {
		for (const agencyOfOther of [agencyId, await world.addAgency()]) {
			const other = await world.addImpersonation(agencyOfOther, 'Otto Oak');
			const otherPage = await world.addPage(other);
			expect(await record({ version, ticket: otherPage.ticket }, page.cookie)).toBe('wrong_page');
			expect(await record({ version, ticket: page.ticket }, otherPage.cookie)).toBe('wrong_page');
			// A page of the other impersonation under a ticket that names ours.
			const mixed = world.mint(impersonation, otherPage.id);
			expect(await record({ version, ticket: mixed }, page.cookie)).toBe('wrong_page');
		}
	});

	it('refuses the cookie of an impersonation that ended longer ago than the flush, and of one never entered [R10]', async () => {
		const { owner } = world.database;
		await owner`UPDATE impersonation SET state = 'ended', ended_at = now() - interval '3 seconds' WHERE id = ${impersonation.id}`;
		expect(await record({ version, ticket: page.ticket }, page.cookie)).toBe('impersonation_over');
		const pending = await world.addImpersonation(agencyId, 'Petra Pine');
		const pendingPage = await world.addPage(pending);
		await owner`UPDATE impersonation SET state = 'pending', code_expires_at = now() + interval '30 seconds' WHERE id = ${pending.id}`;
		expect(await record({ version, ticket: pendingPage.ticket }, pendingPage.cookie)).toBe(
			'impersonation_over'
		);
	});

	it('does not exist on the agency host, even with everything else right [C2]', async () => {
		expect(await record({ version, ticket: page.ticket }, page.cookie, agency)).toBe('not_allowed');
	});

	it('refuses another version of the wire, and a handshake that is none [C4]', async () => {
		expect(await record({ version: 99, ticket: page.ticket }, page.cookie)).toBe('client_too_old');
		expect(await record({}, page.cookie)).toBe('malformed');
		expect(await record({ version, ticket: { length: 5 } }, page.cookie)).not.toBeNull();
		expect(await record({ version, ticket: 'x'.repeat(100_000) }, page.cookie)).not.toBeNull();
	});
});

describe('/watch', () => {
	it('refuses strangers, and staff without the permission [V1]', async () => {
		const manager = await world.addStaff(agencyId, ['clients.read', 'impersonate', 'impersonate.act']);
		expect(await watch()).toBe('not_signed_in');
		expect(await watch('staff=00000000-0000-4000-8000-000000000000')).toBe('not_signed_in');
		expect(await watch(manager.cookie)).toBe('not_allowed');
		expect(await watch(page.cookie)).toBe('not_signed_in');
	});

	it('does not exist on the portal host, even for a supervisor [C2]', async () => {
		expect(await watch(sofia.cookie, portal)).toBe('not_allowed');
	});

	it('hides another agency’s sessions as if there were none, from wall, watching and following, and logs no watch [V2]', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		await recorder.append(0, snapshot());
		const stranger = new WatcherClient(world, await world.addStaff(await world.addAgency(), ['supervise']));
		expect(await stranger.ask('wall:open')).toMatchObject({ ok: true, sessions: [] });
		const target = { impersonationId: impersonation.id, pageId: page.id };
		const refused = { ok: false, refusal: 'not_allowed' };
		expect(await stranger.ask('session:watch', target)).toEqual(refused);
		expect(await stranger.ask('session:watch', { impersonationId: world.ids.uuid() })).toEqual(refused);
		expect(await stranger.ask('page:follow', target)).toEqual(refused);
		expect(stranger.batches).toEqual([]);
		expect(
			await world.database.owner`SELECT FROM watch WHERE impersonation_id = ${impersonation.id}`
		).toHaveLength(0);
	});

	it('streams no page to a supervisor who did not first begin to watch, so nobody looks unlogged [V3]', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		await recorder.append(0, snapshot());
		const watcher = new WatcherClient(world, sofia);
		const follow = { impersonationId: impersonation.id, pageId: page.id };
		expect(await watcher.ask('page:follow', follow)).toEqual({ ok: false, refusal: 'not_allowed' });
		// Asked at once behind the request to watch, before the log has its row.
		const replies = await Promise.all([
			watcher.ask('session:watch', follow),
			watcher.ask('page:follow', follow)
		]);
		expect(replies).toMatchObject([{ ok: true }, { ok: false, refusal: 'not_allowed' }]);
		expect(watcher.batches).toEqual([]);
	});

	it('does not stream a page of another impersonation under the name of the watched one [V2]', async () => {
		const other = await world.addImpersonation(await world.addAgency(), 'Otto Oak');
		const otherPage = await world.addPage(other);
		const recorder = await new RecorderClient(world, otherPage).ready();
		await recorder.append(0, snapshot());
		const watcher = new WatcherClient(world, sofia);
		await watcher.watch(impersonation.id);
		const follow = { impersonationId: impersonation.id, pageId: otherPage.id };
		expect(await watcher.ask('page:follow', follow)).toEqual({ ok: false, refusal: 'wrong_page' });
	});
});

describe('the door', () => {
	const wrong: [string, object][] = [
		['no Origin', { host: 'portal.test' }],
		['a foreign Origin', { origin: 'http://evil.test', host: 'portal.test' }],
		['Origin null', { origin: 'null', host: 'portal.test' }],
		['an Origin that begins like ours', { origin: 'http://portal.test.evil.test', host: 'portal.test' }],
		['our Origin in another scheme', { origin: 'https://portal.test', host: 'portal.test' }],
		['a foreign Host', { origin: PORTAL_ORIGIN, host: 'evil.test' }],
		['the other side’s Host', { origin: PORTAL_ORIGIN, host: 'agency.test' }]
	];
	it.each(wrong)('refuses %s before anything else is looked at [C1]', async (_, headers) => {
		expect(await record({ version, ticket: page.ticket }, page.cookie, headers)).toMatch(/^transport: /);
	});

	it('lets nobody into the default namespace or an invented one [C2]', async () => {
		expect(await refusalOf(rawSocket(world.port, '/', {}, portal))).toBe('not_allowed');
		expect(await refusalOf(rawSocket(world.port, '/admin', {}, portal))).not.toBeNull();
	});

	it('closes a connection that joins nothing, and one that tries handshake after handshake [C3]', async () => {
		const raw = await openWebSocket();
		const idle = until(() => raw.isClosed, 'the idle connection to be closed', 8_000);
		const guesser = await openWebSocket();
		for (let n = 0; n < 10; n++)
			guesser.send(`0/record,${JSON.stringify({ version, ticket: `guess-${n}` })}`);
		expect(await until(() => guesser.isClosed, 'the guesser to be closed', 3_000)).toBeLessThan(3_000);
		await idle;
	});

	it('leaves no process behind after bytes that are no WebSocket at all', async () => {
		for (const text of [
			'GET /hub HTTP/1.1\r\nHost: portal.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
			'\0\0\0\r\n\r\n'
		]) {
			const socket = connect(world.port, '127.0.0.1');
			socket.on('error', () => undefined);
			socket.write(text);
			await new Promise((resolve) => socket.once('close', resolve).once('data', () => socket.destroy()));
		}
		await new RecorderClient(world, page).ready();
	});

	it('limits the open connections of one address before anything is known about it [C3]', async () => {
		await world.stopHub();
		await world.startHub();
		const opened = await Promise.all(Array.from({ length: 270 }, () => openWebSocket().catch(() => null)));
		const let_in = opened.filter((socket) => socket !== null);
		expect(let_in.length).toBeGreaterThan(200);
		expect(let_in.length).toBeLessThanOrEqual(256);
		for (const socket of let_in) socket.close();
		await world.stopHub();
		await world.startHub();
	});
});

/** A WebSocket past the door but in no namespace. */
async function openWebSocket() {
	const manager = new Manager(`http://127.0.0.1:${world.port}`, {
		path: '/hub',
		transports: ['websocket'],
		reconnection: false,
		autoConnect: false,
		extraHeaders: { ...portal, cookie: page.cookie }
	});
	await new Promise<void>((resolve, reject) => {
		manager.open((error) => (error ? reject(error) : resolve()));
	});
	const { engine } = manager;
	const state = { isClosed: false, send: (text: string) => engine.write(text), close: () => engine.close() };
	engine.on('close', () => (state.isClosed = true));
	return state;
}
