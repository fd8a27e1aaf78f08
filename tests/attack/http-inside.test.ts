// Attacks from inside an impersonation: mode, tickets, freeze, end, hidden addresses, credentials.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HttpPerson } from '#support/http-person.ts';
import { startLiveServer, type LiveServer } from '#support/live-server.ts';
import {
	createTask,
	enterAs,
	openDocument,
	pretendRecorded,
	signedInContact,
	signedInStaff,
	taskExists
} from '#support/walk-by-http.ts';

/** A freeze that is late by a statement loses one in ten of these. */
const RACES = 80;

let server: LiveServer;
let maya: HttpPerson;
let sofia: HttpPerson;

beforeAll(async () => {
	server = await startLiveServer();
	maya = await signedInStaff(server, 'maya@northwind.test');
	sofia = await signedInStaff(server, 'sofia@northwind.test');
});
afterAll(() => server.close());

let impersonationId: string;
let ticket: string;
beforeEach(async () => {
	impersonationId = await enterAs(server, maya, 'bea@bluebird.test');
	ticket = await openDocument(server, maya, '/tasks');
	await pretendRecorded(server, ticket);
});

const db = () => server.composed.parts.db;
/** As a page's script posts: the answer is the outcome alone, without a page drawn around it. */
const BY_SCRIPT = { accept: 'application/json', 'x-sveltekit-action': 'true' };
const live = (action: string, form: Record<string, string> = {}) =>
	sofia.ask(`${server.agency}/live/${impersonationId}?/${action}`, { form, headers: BY_SCRIPT });
const lastRefusal = async () => {
	const [row] = await db().execute<{
		refusal: string;
		action: string;
		impersonation_id: string;
		actor_staff_id: string;
	}>(
		sql`SELECT refusal, action, impersonation_id, actor_staff_id FROM action WHERE outcome = 'refused' ORDER BY seq DESC LIMIT 1`
	);
	return row;
};

describe('changes', () => {
	it('succeed from a recorded page in act mode, under both names', async () => {
		expect((await createTask(server, maya, ticket, 'A fair task')).status).toBeLessThan(400);
		const [row] = await db().execute<{ actor_kind: string; contact_id: string; actor_staff_id: string }>(
			sql`SELECT actor_kind, contact_id, actor_staff_id FROM action WHERE action = 'task.created' AND outcome = 'done' ORDER BY seq DESC LIMIT 1`
		);
		expect(row).toMatchObject({ actor_kind: 'impersonation' });
		expect(row?.contact_id).toBeTruthy();
		expect(row?.actor_staff_id).toBeTruthy();
	});

	it('are refused in view mode by form, by fetch and by a replayed request, and logged', async () => {
		expect((await maya.ask(`${server.portal}/impersonation/mode`, { form: { mode: 'view' } })).status).toBe(
			303
		);
		const tries = [
			createTask(server, maya, ticket, 'By form'),
			maya.ask(`${server.portal}/tasks/new?/create`, {
				form: { title: 'By fetch' },
				headers: { 'x-switchback-page': ticket, accept: 'application/json', 'x-sveltekit-action': 'true' }
			})
		];
		for (const answer of await Promise.all(tries))
			expect(answer).toMatchObject({ status: 403, refusal: 'view_only' });
		expect(await createTask(server, maya, ticket, 'By form')).toMatchObject({
			status: 403,
			refusal: 'view_only'
		});
		for (const title of ['By form', 'By fetch']) expect(await taskExists(server, title)).toBe(false);
		expect(await lastRefusal()).toMatchObject({ refusal: 'view_only', impersonation_id: impersonationId });
	});

	it('are refused without a page ticket, with a forged one, and from a page whose recorder is silent', async () => {
		const forged = `${ticket.slice(0, -4)}AAAA`;
		const silent = await openDocument(server, maya, '/tasks');
		for (const bad of [null, forged, 'x', silent])
			expect(await createTask(server, maya, bad, 'Unrecorded')).toMatchObject({
				status: 403,
				refusal: 'no_recorder'
			});
		await db().execute(
			sql`UPDATE page SET last_beat_at = clock_timestamp() - interval '16 seconds' WHERE id = ${ticket.split('.')[1]}`
		);
		expect(await createTask(server, maya, ticket, 'Unrecorded')).toMatchObject({ refusal: 'no_recorder' });
		expect(await taskExists(server, 'Unrecorded')).toBe(false);
	});

	it('are refused with the ticket of another impersonation, whose tab is told to reload', async () => {
		const stale = ticket;
		await enterAs(server, maya, 'ben@bluebird.test');
		expect(await createTask(server, maya, stale, 'Stale')).toMatchObject({
			status: 403,
			refusal: 'no_recorder'
		});
		const data = await maya.ask(`${server.portal}/tasks/__data.json`, {
			headers: { 'x-switchback-page': stale, accept: 'application/json' }
		});
		expect(data.status).toBe(410);
		expect(await taskExists(server, 'Stale')).toBe(false);
	});

	it('are refused to a tab that outlived its cookie, beside a contact’s own session', async () => {
		const bea = await signedInContact(server, 'bea@bluebird.test');
		expect(await createTask(server, bea, ticket, 'Fallen through')).toMatchObject({ status: 410 });
		expect(await taskExists(server, 'Fallen through')).toBe(false);
	});

	it('never follow a freeze, raced again and again', async () => {
		const lost: string[] = [];
		for (let n = 0; n < RACES; n += 1) {
			const title = `Race ${n}`;
			await pretendRecorded(server, ticket);
			const [created, frozen] = await Promise.all([
				createTask(server, maya, ticket, title),
				live('freeze', { note: 'stop' })
			]);
			expect(frozen.status).toBeLessThan(400);
			const after = await createTask(server, maya, ticket, `After ${n}`);
			if (after.refusal !== 'frozen') lost.push(`After ${n}: ${after.status}`);
			if (created.status < 400 && !(await taskExists(server, title))) lost.push(title);
			await live('release');
		}
		expect(lost).toEqual([]);
		// In the log's own order: between a freeze and its release no change was done.
		const rows = await db().execute<{ action: string }>(
			sql`SELECT action FROM action WHERE impersonation_id = ${impersonationId} AND outcome = 'done' ORDER BY seq`
		);
		let isFrozen = false;
		for (const { action } of rows) {
			if (action === 'impersonation.frozen') isFrozen = true;
			else if (action === 'impersonation.released') isFrozen = false;
			else expect(isFrozen && action === 'task.created').toBe(false);
		}
		// Four requests a race: on a busy machine they take minutes.
	}, 300_000);

	it('are refused after the end, on every tab’s ticket', async () => {
		const second = await openDocument(server, maya, '/files');
		await pretendRecorded(server, second);
		expect((await live('end')).status).toBeLessThan(400);
		for (const one of [ticket, second])
			expect(await createTask(server, maya, one, 'Too late')).toMatchObject({ status: 410 });
		expect(await taskExists(server, 'Too late')).toBe(false);
	});

	it('end with the limit by the database’s clock, before anything has swept', async () => {
		await db().execute(
			sql`UPDATE impersonation SET expires_at = clock_timestamp() - interval '1 second' WHERE id = ${impersonationId}`
		);
		expect((await createTask(server, maya, ticket, 'Overtime')).status).toBe(410);
		expect((await maya.ask(`${server.portal}/tasks`)).text).toContain('time limit');
	});
});

describe('rights lost while inside', () => {
	it.each([
		['the permission', sql`UPDATE staff SET withdrawn = '{impersonate}' WHERE email = 'maya@northwind.test'`],
		['the account', sql`UPDATE staff SET active = false WHERE email = 'maya@northwind.test'`],
		[
			'the assignment',
			sql`DELETE FROM client_assignment WHERE staff_id = (SELECT id FROM staff WHERE email = 'maya@northwind.test')`
		]
	])('end it at the next request: %s', async (_name, take) => {
		const assigned = await db().execute<{ client_id: string; staff_id: string }>(
			sql`SELECT client_id, staff_id FROM client_assignment WHERE staff_id = (SELECT id FROM staff WHERE email = 'maya@northwind.test')`
		);
		await db().execute(take);
		try {
			expect((await createTask(server, maya, ticket, 'Without right')).status).toBe(410);
			expect(await taskExists(server, 'Without right')).toBe(false);
		} finally {
			await db().execute(
				sql`UPDATE staff SET withdrawn = '{}', active = true WHERE email = 'maya@northwind.test'`
			);
			for (const { client_id, staff_id } of assigned)
				await db().execute(
					sql`INSERT INTO client_assignment (client_id, staff_id) VALUES (${client_id}, ${staff_id}) ON CONFLICT DO NOTHING`
				);
		}
	});
});

describe('what stays the client’s own', () => {
	it('keeps the sign-in library out of reach, and logs the attempt', async () => {
		for (const path of ['/api/auth/change-password', '/api/auth/get-session', '/api/auth/sign-in/email']) {
			const answer = await maya.ask(`${server.portal}${path}`, {
				form: { x: '1' },
				headers: { 'x-switchback-page': ticket }
			});
			expect(answer).toMatchObject({ status: 403, refusal: 'forbidden' });
		}
		expect(await lastRefusal()).toMatchObject({ refusal: 'forbidden', action: 'credentials.changed' });
	});

	it('answers a hidden address as it would the client', async () => {
		await enterAs(server, await signedInStaff(server, 'olivia@northwind.test'), 'ben@bluebird.test').then(
			async () => undefined
		);
		const olivia = await signedInStaff(server, 'olivia@northwind.test');
		await enterAs(server, olivia, 'ben@bluebird.test');
		expect((await olivia.ask(`${server.portal}/invoices`)).status).toBe(404);
		expect((await olivia.ask(`${server.portal}/`)).text).not.toContain('href="/invoices"');
	});

	it('leaves no trace that the client would notice', async () => {
		const before = await db().execute(
			sql`SELECT last_sign_in_at, updated_at FROM contact WHERE email = 'bea@bluebird.test'`
		);
		for (const path of ['/', '/tasks', '/files', '/invoices']) await maya.ask(server.portal + path);
		const after = await db().execute(
			sql`SELECT last_sign_in_at, updated_at FROM contact WHERE email = 'bea@bluebird.test'`
		);
		expect([...after]).toEqual([...before]);
		expect(await db().execute(sql`SELECT FROM contact_session WHERE user_agent IS NULL`)).toHaveLength(0);
	});

	it('writes a view for data, for files, and for what was looked for in vain', async () => {
		const headers = { 'x-switchback-page': ticket, accept: '*/*' };
		const nothing = `/files/${impersonationId}`;
		await maya.ask(`${server.portal}/tasks/__data.json?status=done`, { headers });
		await maya.ask(`${server.portal}/tasks/${impersonationId}/__data.json`, { headers });
		await maya.ask(`${server.portal}${nothing}/download`, { headers });
		await maya.ask(`${server.portal}${nothing}/preview`, { headers });
		await maya.ask(`${server.portal}/no-such-page`);
		const rows = await db().execute<{ kind: string; address: string; status: number }>(
			sql`SELECT kind, address, status FROM view WHERE impersonation_id = ${impersonationId} ORDER BY at DESC LIMIT 5`
		);
		expect(rows.toReversed()).toEqual([
			{ kind: 'data', address: '/tasks?status=done', status: 200 },
			{ kind: 'data', address: `/tasks/${impersonationId}`, status: 404 },
			{ kind: 'file', address: `${nothing}/download`, status: 404 },
			{ kind: 'file', address: `${nothing}/preview`, status: 404 },
			{ kind: 'page', address: '/no-such-page', status: 404 }
		]);
	});

	it('writes a view for each page before it is shown', async () => {
		await maya.ask(`${server.portal}/invoices`);
		const [row] = await db().execute<{ address: string; status: number }>(
			sql`SELECT address, status FROM view WHERE impersonation_id = ${impersonationId} ORDER BY at DESC LIMIT 1`
		);
		expect(row).toEqual({ address: '/invoices', status: 200 });
	});
});
