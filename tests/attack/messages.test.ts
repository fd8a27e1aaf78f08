// Conversations over HTTP: those of others, marks that only their reader moves, and invitations that work once.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailedLink } from '#support/mailed-link.ts';
import { HttpPerson } from '#support/http-person.ts';
import { startLiveServer, type LiveServer } from '#support/live-server.ts';
import {
	enterAs,
	openDocument,
	pretendRecorded,
	signedInContact,
	signedInStaff
} from '#support/walk-by-http.ts';

let server: LiveServer;
beforeAll(async () => {
	server = await startLiveServer();
});
afterAll(() => server.close());

const db = () => server.composed.parts.db;
const threadOf = async (client: string) => {
	const [row] = await db().execute<{ id: string; subject: string }>(sql`
		SELECT t.id, t.subject FROM thread t JOIN client c ON c.id = t.client_id
		WHERE c.name = ${client} AND t.order_id IS NULL ORDER BY t.last_message_at DESC LIMIT 1`);
	return row!;
};
const marks = async () => [
	...(await db().execute(sql`SELECT * FROM thread_read ORDER BY thread_id, person_id`))
];
const countOf = async (threadId: string) =>
	(await db().execute(sql`SELECT FROM message WHERE thread_id = ${threadId}`)).length;

/** A form with fields as a browser sends one that may carry a file. */
const multipart = (fields: Record<string, string>) => ({
	method: 'POST',
	body: `${Object.entries(fields)
		.map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
		.join('')}--x--\r\n`,
	headers: { 'content-type': 'multipart/form-data; boundary=x' }
});

describe('a conversation of another client', () => {
	it('is not there: to read, to write into, or to find', async () => {
		const thread = await threadOf('Cedar Clinic');
		const bea = await signedInContact(server, 'bea@bluebird.test');
		const before = await countOf(thread.id);
		expect((await bea.ask(`${server.portal}/messages/${thread.id}`)).status).toBe(404);
		const sent = await bea.ask(`${server.portal}/messages/${thread.id}?/send`, multipart({ body: 'Hello' }));
		expect(sent.status).toBe(404);
		expect(await countOf(thread.id)).toBe(before);
		for (const id of ['x', '%27', '00000000-0000-0000-0000-000000000000'])
			expect((await bea.ask(`${server.portal}/messages/${id}`)).status).toBe(404);
	});
});

describe('impersonating', () => {
	it('reads without moving a mark or a count, and writes under both names in act mode only', async () => {
		const thread = await threadOf('Bluebird Bakery');
		await db().execute(sql`DELETE FROM thread_read WHERE thread_id = ${thread.id}`);
		const before = await marks();
		const maya = await signedInStaff(server, 'maya@northwind.test');
		await enterAs(server, maya, 'bea@bluebird.test', { mode: 'view' });
		for (const path of ['/messages', `/messages/${thread.id}`, '/messages?unread=1', '/notifications'])
			expect((await maya.ask(server.portal + path)).status).toBe(200);
		expect(await marks()).toEqual(before);
		const ticket = await openDocument(server, maya, `/messages/${thread.id}`);
		await pretendRecorded(server, ticket);
		const count = await countOf(thread.id);
		const write = () => {
			const form = multipart({ body: 'By Maya' });
			return maya.ask(`${server.portal}/messages/${thread.id}?/send`, {
				...form,
				headers: { ...form.headers, 'x-switchback-page': ticket }
			});
		};
		expect(await write()).toMatchObject({ status: 403, refusal: 'view_only' });
		expect(await countOf(thread.id)).toBe(count);
		await maya.ask(`${server.portal}/impersonation/mode`, { form: { mode: 'act' } });
		expect((await write()).status).toBe(200);
		const [last] = await db().execute<{ contact: string; staff: string }>(sql`
			SELECT k.email AS contact, s.email AS staff FROM message m JOIN contact k ON k.id = m.made_by_contact_id
			JOIN staff s ON s.id = m.made_by_staff_id WHERE m.thread_id = ${thread.id} ORDER BY m.created_at DESC LIMIT 1`);
		expect(last).toEqual({ contact: 'bea@bluebird.test', staff: 'maya@northwind.test' });
		expect(await marks()).toEqual(before);
		const bea = await signedInContact(server, 'bea@bluebird.test');
		await bea.ask(`${server.portal}/messages/${thread.id}`);
		expect(await marks()).toHaveLength(before.length + 1);
	});
});

describe('what is written', () => {
	it('is shown as text, whatever it holds, and refused when it is too long', async () => {
		const thread = await threadOf('Bluebird Bakery');
		const bea = await signedInContact(server, 'bea@bluebird.test');
		const address = `${server.portal}/messages/${thread.id}`;
		expect(
			(await bea.ask(`${address}?/send`, multipart({ body: '<img src=x onerror=alert(1)>' }))).status
		).toBe(200);
		const { text } = await bea.ask(address);
		expect(text).toContain('&lt;img src=x onerror=alert(1)>');
		expect(text).not.toContain('<img src=x');
		const count = await countOf(thread.id);
		expect((await bea.ask(`${address}?/send`, multipart({ body: 'x'.repeat(10_001) }))).status).toBe(400);
		expect((await bea.ask(`${address}?/send`, multipart({ body: ' ' }))).status).toBe(400);
		expect(await countOf(thread.id)).toBe(count);
	});
});

describe('an invitation', () => {
	const invite = async (email: string) => {
		const bea = await signedInContact(server, 'bea@bluebird.test');
		await bea.ask(`${server.portal}/account/team?/invite`, {
			form: { name: 'Ida', email, 'right-tasks': 'on' }
		});
		return mailedLink(db(), server.composed.app.config.dataDir, email);
	};
	const form = { password: 'a password of my own' };

	it('works once, on its own side, and then signs in', async () => {
		const nobody = new HttpPerson(server.port);
		const link = await invite('ida@bluebird.test');
		expect((await nobody.ask(link.replace(server.portal, server.agency))).text).toContain('does not work');
		const crossed = await nobody.ask(`${link.replace(server.portal, server.agency)}?/accept`, { form });
		expect(crossed.status).toBe(404);
		expect((await nobody.ask(link)).text).toContain('Welcome, Ida');
		const both = await Promise.all([1, 2].map(() => nobody.ask(`${link}?/accept`, { form })));
		expect(both.map(({ status }) => status).toSorted()).toEqual([303, 404]);
		expect((await nobody.ask(`${link}?/accept`, { form })).status).toBe(404);
		const signIn = await nobody.ask(`${server.portal}/login?/signIn`, {
			form: { email: 'ida@bluebird.test', ...form }
		});
		expect(signIn.status).toBe(303);
		expect((await nobody.ask(`${server.portal}/invoices`)).status).toBe(404);
	});

	it('runs out, and dies with its person', async () => {
		const nobody = new HttpPerson(server.port);
		const late = await invite('late@bluebird.test');
		await db().execute(
			sql`UPDATE invitation SET expires_at = now() - interval '1 second' WHERE used_at IS NULL`
		);
		expect((await nobody.ask(`${late}?/accept`, { form })).status).toBe(404);
		const gone = await invite('gone@bluebird.test');
		await db().execute(sql`UPDATE contact SET active = false WHERE email = 'gone@bluebird.test'`);
		expect((await nobody.ask(`${gone}?/accept`, { form })).status).toBe(404);
	});
});
