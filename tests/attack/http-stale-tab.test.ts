// A tab that outlived its impersonation, while a newer one runs in the same browser.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpPerson } from '#support/http-person.ts';
import { startLiveServer, type LiveServer } from '#support/live-server.ts';
import { enterAs, openDocument, signedInContact, signedInStaff } from '#support/walk-by-http.ts';

let server: LiveServer;
let maya: HttpPerson;
let older: string;
let newer: string;

const rowOf = async (id: string) => {
	const [row] = await server.composed.parts.db.execute<{ state: string; mode: string }>(
		sql`SELECT state, mode FROM impersonation WHERE id = ${id}`
	);
	return row;
};

beforeAll(async () => {
	server = await startLiveServer();
	maya = await signedInStaff(server, 'maya@northwind.test');
	older = await enterAs(server, maya, 'bea@bluebird.test', { mode: 'view' });
	newer = await enterAs(server, maya, 'ben@bluebird.test', { mode: 'view' });
});
afterAll(() => server.close());

describe('an older tab', () => {
	it('names its own impersonation in both forms of its banner', async () => {
		const page = await maya.ask(`${server.portal}/`);
		expect(page.text.split(`name="impersonation" value="${newer}"`)).toHaveLength(4);
	});

	it('leads back by Switch Back, and the newer impersonation goes on', async () => {
		const answer = await maya.ask(`${server.portal}/switch-back`, { form: { impersonation: older } });
		expect(answer).toMatchObject({ status: 303 });
		expect(answer.location).toMatch(new RegExp(`^${server.agency}/clients/`));
		expect(await rowOf(newer)).toMatchObject({ state: 'active' });
		expect((await maya.ask(`${server.portal}/tasks`)).status).toBe(200);
	});

	it('does not switch the newer one’s mode, even by a form without script', async () => {
		await maya.ask(`${server.portal}/impersonation/mode`, { form: { mode: 'act', impersonation: older } });
		expect(await rowOf(newer)).toMatchObject({ mode: 'view' });
		await maya.ask(`${server.portal}/impersonation/mode`, { form: { mode: 'act', impersonation: newer } });
		expect(await rowOf(newer)).toMatchObject({ mode: 'act' });
	});
});

describe('why a contact does not see something', () => {
	it('is told to whoever is inside, and to no contact', async () => {
		const lens = `${server.portal}/impersonation/lens?path=/invoices`;
		const told = await maya.ask(lens, { headers: { accept: 'application/json' } });
		expect(JSON.parse(told.text)).toMatchObject({ page: 'Invoices', here: [{ key: 'invoices' }] });
		const ben = await signedInContact(server, 'ben@bluebird.test');
		expect((await ben.ask(lens)).status).toBe(404);
	});
});

describe('signing out of the portal inside', () => {
	it('says what to press instead, whichever tab asks, and signs out nobody of this browser', async () => {
		const ben = await signedInContact(server, 'ben@bluebird.test');
		const ticket = await openDocument(server, maya, '/tasks');
		for (const pair of ben.cookies(server.portal).split('; ')) {
			const at = pair.indexOf('=');
			maya.setCookie(server.portal, pair.slice(0, at), pair.slice(at + 1));
		}
		const forms: Record<string, string>[] = [{}, { 'page-ticket': ticket }];
		for (const form of forms) {
			const answer = await maya.ask(`${server.portal}/sign-out`, { form });
			expect(answer).toMatchObject({ status: 403, refusal: 'forbidden' });
			expect(answer.text).toContain('Press Switch Back');
		}
		expect(await rowOf(newer)).toMatchObject({ state: 'active' });
		// The tab outlived the cookie, and the browser holds the contact's own session.
		const outlived = await ben.ask(`${server.portal}/sign-out`, { form: { 'page-ticket': ticket } });
		expect(outlived.status).toBe(410);
		expect((await ben.ask(`${server.portal}/tasks`)).status).toBe(200);
		expect(await ben.ask(`${server.portal}/sign-out`, { form: {} })).toMatchObject({
			status: 303,
			location: '/login'
		});
		expect(await ben.ask(`${server.portal}/tasks`)).toMatchObject({ status: 303, location: '/login' });
	});
});

it('ends by its own Switch Back', async () => {
	await maya.ask(`${server.portal}/switch-back`, { form: { impersonation: newer } });
	expect(await rowOf(newer)).toMatchObject({ state: 'ended' });
});
