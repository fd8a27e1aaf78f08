// Attacks on the way in and out: hosts, origins, cookies, start codes, dead cookies.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpPerson } from '#support/http-person.ts';
import { startLiveServer, type LiveServer } from '#support/live-server.ts';
import {
	codeOf,
	enterAs,
	pressStart,
	redeem,
	signedInContact,
	signedInStaff,
	targetOf
} from '#support/walk-by-http.ts';

const COOKIE = '__Host-impersonation';
let server: LiveServer;
let maya: HttpPerson;

beforeAll(async () => {
	server = await startLiveServer();
	maya = await signedInStaff(server, 'maya@northwind.test');
});
afterAll(() => server.close());

const refusedRows = async (): Promise<number> => {
	const [row] = await server.composed.parts.db.execute<{ n: number }>(
		sql`SELECT count(*)::int AS n FROM action WHERE outcome = 'refused'`
	);
	return row?.n ?? 0;
};

describe('hosts', () => {
	it('answers an unknown host with 421, also for health', async () => {
		const stranger = new HttpPerson(server.port);
		for (const path of ['/', '/login', '/readyz', '/hub/'])
			expect((await stranger.ask(`http://evil.example:${server.port}${path}`)).status).toBe(421);
	});

	it('never mixes the folders of the hosts', async () => {
		for (const address of [
			`${server.agency}/portal/tasks`,
			`${server.portal}/agency/clients`,
			`${server.portal}/clients`,
			`${server.replay}/clients`,
			`${server.replay}/tasks`,
			`${server.agency}/player`
		])
			// The portal asks strangers to sign in before it says what there is.
			expect([303, 404], address).toContain((await maya.ask(address)).status);
	});

	it('sets cookies that no other host is ever sent', async () => {
		const answer = await new HttpPerson(server.port).ask(`${server.agency}/login?/signIn`, {
			form: { email: 'olivia@northwind.test', password: 'switchback-demo' }
		});
		const lines = [answer.headers['set-cookie'] ?? []].flat().filter((line) => line.includes('session'));
		expect(lines.length).toBeGreaterThan(0);
		for (const line of lines) {
			expect(line).toMatch(/^__Host-/);
			expect(line).toMatch(/Secure/);
			expect(line).toMatch(/HttpOnly/);
			expect(line).toMatch(/SameSite=Lax/);
			expect(line).not.toMatch(/Domain=/i);
		}
	});

	it('shows the player’s frame no cookie and lets it call nobody', async () => {
		const answer = await new HttpPerson(server.port).ask(`${server.replay}/player`);
		const policy = String(answer.headers['content-security-policy']);
		expect(answer.headers['set-cookie']).toBeUndefined();
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("connect-src 'none'");
		expect(policy).toContain(`frame-ancestors ${server.agency}`);
	});
});

describe('answers', () => {
	it('that are private are kept by nobody and embedded nowhere, while the build’s own files may be kept', async () => {
		const olivia = await signedInStaff(server, 'olivia@northwind.test');
		const page = await olivia.ask(`${server.agency}/clients`);
		const data = await olivia.ask(`${server.agency}/clients/__data.json`);
		for (const { status, headers } of [page, data]) {
			expect(status).toBe(200);
			expect(headers['cache-control']).toContain('no-store');
			expect(headers['cross-origin-resource-policy']).toBe('same-origin');
		}
		const asset = /\/_app\/immutable\/[\w./-]+\.js/.exec(page.text)?.[0];
		const { headers } = await olivia.ask(server.agency + asset);
		expect(headers['cache-control']).toContain('immutable');
	});
});

describe('origins', () => {
	it.each([
		['another site', 'https://evil.example'],
		['an opaque origin', 'null'],
		['no origin', null],
		['the portal', 'portal']
	])('refuses a start posted from %s', async (_name, origin) => {
		const target = await targetOf(server, 'bea@bluebird.test');
		const answer = await maya.ask(`${server.agency}/clients/${target.clientId}?/impersonate`, {
			form: { ...target, mode: 'view', reason: 'support', returnTo: `/clients/${target.clientId}` },
			origin: origin === 'portal' ? server.portal : origin
		});
		expect(answer.status).toBe(403);
	});

	it('refuses JSON from another site as it does forms', async () => {
		const answer = await maya.ask(`${server.agency}/sign-out`, {
			body: '{}',
			headers: { 'content-type': 'application/json' },
			origin: 'https://evil.example'
		});
		expect(answer.status).toBe(403);
	});

	it('takes a start code from the agency’s page only', async () => {
		const started = await pressStart(server, maya, await targetOf(server, 'bea@bluebird.test'), {
			endCurrent: '1'
		});
		const code = codeOf(started);
		for (const origin of [server.portal, 'https://evil.example', null]) {
			const answer = await maya.ask(`${server.portal}/enter`, { form: { code }, origin });
			expect(answer.status).toBe(403);
		}
		expect((await redeem(server, maya, code)).status).toBe(303);
	});
});

describe('start codes', () => {
	it('work once, and the second use is logged', async () => {
		const code = codeOf(
			await pressStart(server, maya, await targetOf(server, 'bea@bluebird.test'), { endCurrent: '1' })
		);
		expect((await redeem(server, maya, code)).status).toBe(303);
		const before = await refusedRows();
		const thief = new HttpPerson(server.port);
		expect((await redeem(server, thief, code)).status).toBe(403);
		expect(thief.cookies(server.portal)).toBe('');
		expect(await refusedRows()).toBe(before + 1);
	});

	it('die after 30 s and with the staff session that made them', async () => {
		const target = await targetOf(server, 'bea@bluebird.test');
		const late = codeOf(await pressStart(server, maya, target, { endCurrent: '1' }));
		await server.composed.parts.db.execute(
			sql`UPDATE impersonation SET code_expires_at = clock_timestamp() - interval '1 second' WHERE state = 'pending'`
		);
		expect((await redeem(server, maya, late)).status).toBe(403);
		const other = await signedInStaff(server, 'adam@northwind.test');
		const orphan = codeOf(await pressStart(server, other, target));
		expect((await other.ask(`${server.agency}/sign-out`, { form: {} })).status).toBe(303);
		expect((await redeem(server, other, orphan)).status).toBe(403);
	});

	it('are not guessed', async () => {
		for (const code of ['', 'x', 'A'.repeat(43), '../../etc'])
			expect((await redeem(server, maya, code)).status).toBe(403);
	});
});

describe('cookies', () => {
	it('a dead impersonation cookie answers the end page until it is left, beside a live contact’s cookie too', async () => {
		const person = await signedInContact(server, 'bea@bluebird.test');
		expect((await person.ask(`${server.portal}/tasks`)).status).toBe(200);
		await enterAs(server, maya, 'bea@bluebird.test');
		const token = /__Host-impersonation=([^;]+)/.exec(maya.cookies(server.portal))?.[1] ?? '';
		person.setCookie(server.portal, COOKIE, token);
		expect((await maya.ask(`${server.portal}/switch-back`, { form: {} })).status).toBe(303);
		const dead = await person.ask(`${server.portal}/tasks`);
		expect(dead.status).toBe(410);
		expect(dead.text).toContain('Impersonation ended');
		expect((await person.ask(`${server.portal}/`, { headers: { accept: 'application/json' } })).status).toBe(
			410
		);
		expect((await person.ask(`${server.portal}/leave`)).location).toContain(server.agency);
		expect((await person.ask(`${server.portal}/tasks`)).status).toBe(200);
	});

	it('a forged impersonation cookie is nobody, not the contact beside it', async () => {
		const person = await signedInContact(server, 'ben@bluebird.test');
		person.setCookie(server.portal, COOKIE, 'A'.repeat(43));
		expect((await person.ask(`${server.portal}/tasks`)).status).toBe(410);
	});

	it('a bearer header is no way in', async () => {
		const stranger = new HttpPerson(server.port);
		const token = /agency-session=([^;]+)/.exec(maya.cookies(server.agency))?.[1] ?? '';
		const answer = await stranger.ask(`${server.agency}/clients`, {
			headers: { authorization: `Bearer ${token}` }
		});
		expect(answer.status).toBe(303);
		expect(answer.location).toContain('/login');
	});

	it('signing out on the agency side ends what is running', async () => {
		const adam = await signedInStaff(server, 'adam@northwind.test');
		await enterAs(server, adam, 'bea@bluebird.test');
		expect((await adam.ask(`${server.portal}/`)).status).toBe(200);
		await adam.ask(`${server.agency}/sign-out`, { form: {} });
		const ended = await adam.ask(`${server.portal}/`);
		expect(ended.status).toBe(410);
		expect(ended.text).toContain('signed out');
	});

	it('start, stop and start again keep both sides apart', async () => {
		for (const email of ['bea@bluebird.test', 'ben@bluebird.test', 'bea@bluebird.test']) {
			await enterAs(server, maya, email);
			const name = email.startsWith('bea') ? 'Bea' : 'Ben';
			const words = (await maya.ask(`${server.portal}/`)).text
				.replaceAll(/<[^>]*>/g, '')
				.replaceAll(/\s+/g, ' ');
			expect(words).toMatch(new RegExp(`as ${name}`));
			const back = await maya.ask(`${server.portal}/switch-back`, { form: {} });
			expect(back.location).toMatch(new RegExp(`^${server.agency}/clients/`));
			expect(String(back.headers['set-cookie'])).toMatch(/__Host-impersonation=[^;]+; Max-Age=15;/);
			expect((await maya.ask(`${server.portal}/`)).status).toBe(410);
			expect((await maya.ask(String(back.location))).status).toBe(200);
		}
	});
});

describe('sign-in', () => {
	it('is slowed down after too many wrong passwords', async () => {
		const guesser = new HttpPerson(server.port);
		const answers: number[] = [];
		for (let n = 0; n < 40; n += 1)
			answers.push(
				(
					await guesser.ask(`${server.portal}/login?/signIn`, {
						form: { email: 'bea@bluebird.test', password: `guess ${n}` }
					})
				).status
			);
		expect(new Set(answers)).toContain(429);
		expect(answers).not.toContain(303);
	});
});
