// The account's own sign-in, people and notices: nobody who impersonates changes them, by whatever way they ask.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '#server/demo/seed-demo.ts';
import { mailedLink } from '#support/mailed-link.ts';
import { HttpPerson } from '#support/http-person.ts';
import { startLiveServer, type LiveServer } from '#support/live-server.ts';
import { totp } from '#support/totp.ts';
import {
	enterAs,
	openDocument,
	pretendRecorded,
	signedInContact,
	signedInStaff,
	targetOf
} from '#support/walk-by-http.ts';

let server: LiveServer;
beforeAll(async () => {
	server = await startLiveServer();
});
afterAll(() => server.close());

const db = () => server.composed.parts.db;
/** Everything that a change of an account would leave behind; so many refused attempts are told to those who watch, by mail, too. */
const accountRows = async () => {
	const [row] = await db().execute<Record<string, string>>(sql`SELECT
		(SELECT json_agg(a ORDER BY id)::text FROM contact_account a) AS passwords,
		(SELECT json_agg(json_build_object('id', s.id) ORDER BY s.id)::text FROM contact_session s) AS sessions,
		(SELECT json_agg(t)::text FROM contact_two_factor t) AS factors,
		(SELECT json_agg(v)::text FROM contact_verification v) AS waiting,
		(SELECT json_agg(json_build_object('id', k.id, 'email', k.email, 'rights', k.rights, 'active', k.active,
			'notices', k.notice_setup) ORDER BY k.id)::text FROM contact k) AS people,
		(SELECT count(*)::text FROM invitation) AS invitations, (SELECT count(*)::text FROM mail WHERE about NOT LIKE 'alert:%') AS mails`);
	return row!;
};
const lastRefusal = async () => {
	const [row] = await db().execute<{ action: string; refusal: string }>(
		sql`SELECT action, refusal FROM action WHERE outcome = 'refused' ORDER BY seq DESC LIMIT 1`
	);
	return row;
};

describe('while impersonating the owner, in act mode, from a recorded page', () => {
	let maya: HttpPerson;
	let ticket: string;
	let ben: string;

	beforeEach(async () => {
		maya = await signedInStaff(server, 'maya@northwind.test');
		await enterAs(server, maya, 'bea@bluebird.test');
		ticket = await openDocument(server, maya, '/account/security');
		await pretendRecorded(server, ticket);
		ben = (await targetOf(server, 'ben@bluebird.test')).contactId;
	});

	const password = DEMO_PASSWORD;
	const FORMS: [string, string, Record<string, string>][] = [
		['credentials.changed', '/account/security?/password', { password, newPassword: 'taken over by force' }],
		['credentials.changed', '/account/security?/email', { email: 'evil@evil.test', password }],
		['credentials.changed', '/account/security?/backupCodes', { password }],
		['session.ended', '/account/security?/endSession', { session: 'others' }],
		['two_factor.enabled', '/account/security?/twoFactorOn', { password }],
		['two_factor.enabled', '/account/security?/twoFactorCode', { code: '123456' }],
		['two_factor.disabled', '/account/security?/twoFactorOff', { password }],
		['notifications.changed', '/account/notifications?/notices', { access: 'off', messages: 'off' }],
		[
			'contact.invited',
			'/account/team?/invite',
			{ name: 'Eve', email: 'eve@evil.test', 'right-billing': 'on' }
		],
		['contact.invited', '/account/team?/reinvite', { contactId: 'BEN' }],
		['contact.rights_changed', '/account/team?/rights', { contactId: 'BEN', 'right-billing': 'on' }],
		['contact.removed', '/account/team?/remove', { contactId: 'BEN' }]
	];

	it.each(FORMS)(
		'%s is refused and logged by the form %s, also with no field in it',
		async (action, path, fields) => {
			const before = await accountRows();
			const form = Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, v === 'BEN' ? ben : v]));
			const ways = [
				{ form, headers: { 'x-switchback-page': ticket } },
				{ form: { ...form, 'page-ticket': ticket } },
				{ form: {}, headers: { 'x-switchback-page': ticket } },
				{
					form,
					headers: { 'x-switchback-page': ticket, accept: 'application/json', 'x-sveltekit-action': 'true' }
				}
			];
			for (const way of ways) {
				const answer = await maya.ask(server.portal + path, way);
				expect(answer).toMatchObject({ status: 403, refusal: 'forbidden' });
				expect(answer.text).toContain('Only the client can do this');
				expect(answer.headers['set-cookie']).toBeUndefined();
				expect(await lastRefusal()).toEqual({ action, refusal: 'forbidden' });
			}
			expect(await accountRows()).toEqual(before);
		}
	);

	it.each([
		'sign-in/email',
		'change-password',
		'change-email',
		'two-factor/enable',
		'two-factor/disable',
		'two-factor/verify-totp',
		'revoke-sessions',
		'delete-user',
		'update-user',
		'request-password-reset'
	])('the sign-in library never hears of /api/auth/%s', async (path) => {
		const before = await accountRows();
		const answer = await maya.ask(`${server.portal}/api/auth/${path}`, {
			method: 'POST',
			body: JSON.stringify({ password, newPassword: 'taken over by force', email: 'bea@bluebird.test' }),
			headers: { 'content-type': 'application/json', 'x-switchback-page': ticket }
		});
		expect(answer).toMatchObject({ status: 403, refusal: 'forbidden' });
		expect(await accountRows()).toEqual(before);
	});

	it.each([
		'/forgot?/ask',
		'/invitation/some-token?/accept',
		'/forgot/some-token?/reset',
		'/confirm-email/x?/confirm'
	])('the page in front of the sign-in is closed: %s', async (path) => {
		const before = await accountRows();
		const fields = { email: 'bea@bluebird.test', password: 'taken over by force' };
		const answer = await maya.ask(server.portal + path, {
			form: fields,
			headers: { 'x-switchback-page': ticket }
		});
		expect(answer).toMatchObject({ status: 403, refusal: 'forbidden' });
		expect(await maya.ask(server.portal + path.split('?')[0])).toMatchObject({ status: 303, location: '/' });
		expect(await accountRows()).toEqual(before);
	});

	it('the pages look as they do to the client, and looking leaves nothing behind', async () => {
		const before = await accountRows();
		for (const path of [
			'/account',
			'/account/notifications',
			'/account/team',
			'/account/security',
			'/notifications'
		]) {
			const { status, text } = await maya.ask(server.portal + path);
			expect([path, status]).toEqual([path, 200]);
			expect(text).not.toContain(DEMO_PASSWORD);
		}
		const security = (await maya.ask(`${server.portal}/account/security`)).text;
		for (const button of ['Change password', 'Set up two-factor', 'Change email'])
			expect(security).toContain(button);
		expect(await accountRows()).toEqual(before);
	});
});

describe('without a session', () => {
	it('the sign-in library has no address, on either host', async () => {
		const nobody = new HttpPerson(server.port);
		for (const host of [server.portal, server.agency])
			for (const path of ['sign-in/email', 'sign-up/email', 'two-factor/verify-totp', 'get-session']) {
				const answer = await nobody.ask(`${host}/api/auth/${path}`, { form: { email: 'x' } });
				// To the sign-in page, or nothing there: never an answer of the library's.
				expect([303, 404, 405]).toContain(answer.status);
				expect(answer.headers['set-cookie']).toBeUndefined();
			}
	});

	it('a forgotten password is answered alike for known, unknown and the other side’s addresses', async () => {
		const nobody = new HttpPerson(server.port);
		const ask = async (host: string, email: string) => {
			const began = performance.now();
			const { status, text } = await nobody.ask(`${host}/forgot?/ask`, { form: { email } });
			const shown = text.replaceAll(email, 'ADDRESS').replaceAll(/nonce="[^"]*"|"nonce-[^"]*"/g, '');
			return { status, shown: /If somebody signs in[^<]*/.exec(shown)?.[0], ms: performance.now() - began };
		};
		const known = await ask(server.portal, 'cora@cedar.test');
		const unknown = await ask(server.portal, 'nobody@cedar.test');
		const wrongSide = await ask(server.portal, 'olivia@northwind.test');
		expect(known.shown).toBeTruthy();
		for (const other of [unknown, wrongSide]) expect({ ...other, ms: 0 }).toEqual({ ...known, ms: 0 });
		for (const { ms } of [known, unknown, wrongSide]) expect(ms).toBeGreaterThanOrEqual(295);
		const mails = await db().execute(sql`SELECT recipient FROM mail WHERE about LIKE 'reset:%'`);
		expect([...mails]).toEqual([{ recipient: 'cora@cedar.test' }]);
	});

	it('a huge form is let go before it is read', async () => {
		const nobody = new HttpPerson(server.port);
		for (const path of ['/forgot?/ask', '/login?/verify', '/invitation/x?/accept'])
			expect((await nobody.ask(server.portal + path, { form: { email: 'x'.repeat(300_000) } })).status).toBe(
				413
			);
	});

	it('a link works once, on its own side, and chooses the password', async () => {
		const nobody = new HttpPerson(server.port);
		await nobody.ask(`${server.portal}/forgot?/ask`, { form: { email: 'colin@cedar.test' } });
		const link = await mailedLink(db(), server.composed.app.config.dataDir, 'colin@cedar.test');
		const token = link.split('/').at(-1)!;
		const form = { password: 'a wholly new password' };
		expect((await nobody.ask(`${server.agency}/forgot/${token}?/reset`, { form })).status).toBe(404);
		expect((await nobody.ask(`${link}?/reset`, { form: { password: 'short' } })).status).toBe(400);
		expect((await nobody.ask(`${link}?/reset`, { form })).location).toBe('/login?done=password');
		expect((await nobody.ask(`${link}?/reset`, { form })).status).toBe(404);
		const signIn = await nobody.ask(`${server.portal}/login?/signIn`, {
			form: { email: 'colin@cedar.test', ...form }
		});
		expect(signIn.status).toBe(303);
	});
});

describe('the second factor', () => {
	it('cannot be walked around: the password’s cookie opens nothing, and codes are counted', async () => {
		const cora = await signedInContact(server, 'cora@cedar.test');
		const security = `${server.portal}/account/security`;
		const setup = await cora.ask(`${security}?/twoFactorOn`, { form: { password: DEMO_PASSWORD } });
		expect(setup.status).toBe(200);
		const secret = />((?:[A-Z2-7]{4} )+[A-Z2-7]{1,4})</.exec(setup.text)?.[1] ?? '';
		const wrong = await cora.ask(`${security}?/twoFactorCode`, { form: { code: '000000' } });
		expect(wrong.status).toBe(400);
		expect(wrong.text).not.toContain(secret);
		const on = await cora.ask(`${security}?/twoFactorCode`, { form: { code: totp(secret) } });
		expect(on.text).toContain('Keep these backup codes');

		const thief = new HttpPerson(server.port);
		const first = await thief.ask(`${server.portal}/login?/signIn`, {
			form: { email: 'cora@cedar.test', password: DEMO_PASSWORD }
		});
		expect(first.location).toBe('/login?step=code');
		expect((await thief.ask(`${server.portal}/tasks`)).location).toBe('/login');
		const verify = (code: string) =>
			thief.ask(`${server.portal}/login?/verify&step=code`, { form: { code } });
		const statuses: number[] = [];
		for (let n = 0; n < 8; n += 1) statuses.push((await verify('000000')).status);
		expect(statuses.every((status) => status >= 400)).toBe(true);
		// After so many wrong ones even the right code of this challenge is worth nothing.
		expect((await verify(totp(secret))).status).toBeGreaterThanOrEqual(400);
		expect((await thief.ask(`${server.portal}/tasks`)).location).toBe('/login');
	});
});
