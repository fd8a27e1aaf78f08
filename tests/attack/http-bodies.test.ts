// Bodies and addresses that are too large, broken or unstorable: each is the sender's fault, and costs us nothing.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpPerson } from '#support/http-person.ts';
import { startLiveServer, type LiveServer } from '#support/live-server.ts';
import { enterAs, openDocument, pretendRecorded, signedInStaff } from '#support/walk-by-http.ts';

let server: LiveServer;
let maya: HttpPerson;
let ticket: string;

beforeAll(async () => {
	server = await startLiveServer();
	maya = await signedInStaff(server, 'maya@northwind.test');
	await enterAs(server, maya, 'bea@bluebird.test');
	ticket = await openDocument(server, maya, '/tasks');
});
// However long the one before took: a page that is silent may change nothing.
beforeEach(() => pretendRecorded(server, ticket));
afterAll(() => server.close());

const FORM = 'application/x-www-form-urlencoded';
const inPortal = () => ({ 'x-switchback-page': ticket, 'content-type': FORM });

describe('a body', () => {
	const large = `email=${'x'.repeat(300 * 1024)}`;

	it('larger than any form is refused before it is read, to strangers and to those inside', async () => {
		const stranger = new HttpPerson(server.port);
		const headers = { 'content-type': FORM };
		for (const side of [server.agency, server.portal])
			expect((await stranger.ask(`${side}/login?/signIn`, { body: large, headers })).status).toBe(413);
		const enter = { body: large, headers, origin: server.agency };
		expect((await stranger.ask(`${server.portal}/enter`, enter)).status).toBe(403);
		const folder = { body: large, headers: inPortal() };
		expect((await maya.ask(`${server.portal}/files?/folder`, folder)).status).toBe(413);
	});

	it('that does not say how long it is is refused where none is that long', async () => {
		const headers = { 'content-type': FORM, 'content-length': undefined, 'transfer-encoding': 'chunked' };
		const answer = await new HttpPerson(server.port).ask(`${server.agency}/login?/signIn`, {
			body: 'email=a&password=b',
			headers
		});
		expect(answer.status).toBe(413);
	});

	it('that is broken, or no form at all, is an answer and no error', async () => {
		const stranger = new HttpPerson(server.port);
		const broken = { 'content-type': 'multipart/form-data; boundary=x' };
		const json = { 'content-type': 'application/json' };
		const ask = (path: string, headers: Record<string, string>, origin = server.portal) =>
			stranger.ask(server.portal + path, { body: '--y\r\n{"code":', headers, origin });
		expect((await ask('/login?/signIn', broken)).status).toBe(400);
		expect((await ask('/enter', broken, server.agency)).status).toBe(403);
		expect((await ask('/enter', json, server.agency)).status).toBe(403);
		const mode = { body: '{', headers: { ...inPortal(), ...json } };
		expect((await maya.ask(`${server.portal}/impersonation/mode`, mode)).status).toBe(400);
	});
});

describe('a NUL, which the database cannot keep,', () => {
	it('is left out of what was typed', async () => {
		const form = { title: 'No\u0000thing odd' };
		const created = await maya.ask(`${server.portal}/tasks/new?/create`, { form, headers: inPortal() });
		expect(created.status).toBeLessThan(400);
		expect((await maya.ask(`${server.portal}/tasks?q=Nothing+odd`)).text).toContain('Nothing odd');
	});

	it('in an address is no address', async () => {
		for (const path of ['/tasks?q=a%00b', '/files/%00/download'])
			expect((await maya.ask(server.portal + path)).status).toBe(400);
		expect((await maya.ask(`${server.agency}/clients?q=%00`)).status).toBe(400);
	});
});
