// Attacks on what an agency sets up: who may, what may be stored, and whether it holds on the server, not in the menu.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpPerson } from '#support/http-person.ts';
import { HttpPerson as Stranger } from '#support/http-person.ts';
import { startLiveServer, type LiveServer } from '#support/live-server.ts';
import {
	enterAs,
	openDocument,
	pretendRecorded,
	signedInContact,
	signedInStaff,
	targetOf
} from '#support/walk-by-http.ts';

let server: LiveServer;
let olivia: HttpPerson;
let bea: HttpPerson;
let clientId: string;

beforeAll(async () => {
	server = await startLiveServer();
	olivia = await signedInStaff(server, 'olivia@northwind.test');
	bea = await signedInContact(server, 'bea@bluebird.test');
	({ clientId } = await targetOf(server, 'bea@bluebird.test'));
});
afterAll(() => server.close());

const db = () => server.composed.parts.db;
const post = (person: HttpPerson, path: string, form: Record<string, string>) =>
	person.ask(server.agency + path, { form });
const stored = async () => {
	const [row] = await db().execute<Record<string, unknown>>(sql`
		SELECT a.policy, a.portal_setup, a.accent, a.logo_key, a.name, a.address, a.notice_setup,
			(SELECT json_agg(r.sidebar ORDER BY r.id) FROM role r WHERE r.agency_id = a.id) AS sidebars,
			(SELECT json_agg(c.portal_setup ORDER BY c.id) FROM client c WHERE c.agency_id = a.id) AS clients,
			(SELECT count(*)::int FROM announcement n WHERE n.removed_at IS NULL) AS announcements FROM agency a`);
	return row;
};
const clientSetup = async () => {
	const [row] = await db().execute<{ setup: unknown }>(
		sql`SELECT portal_setup AS setup FROM client WHERE id = ${clientId}`
	);
	return row?.setup;
};
const newestAnnouncement = async () => {
	const [row] = await db().execute<{ id: string }>(
		sql`SELECT id FROM announcement ORDER BY visible_from LIMIT 1`
	);
	return row!.id;
};

describe('every form of settings', () => {
	const policy = {
		hardLimitMinutes: '10',
		onboardingLimitMinutes: '10',
		idleLimitMinutes: '5',
		leaseSeconds: '5',
		consent: 'never'
	};
	const forms = async (): Promise<[string, Record<string, string>][]> => {
		const id = await newestAnnouncement();
		return [
			['/settings/sidebar?/save', { role: 'client', order: 'tasks', 'label:tasks': 'X' }],
			['/settings/portal?/save', { 'show:files': 'hide' }],
			['/settings/policy?/save', policy],
			['/settings/appearance?/save', { name: 'Taken over', accent: '' }],
			['/settings/appearance?/removeLogo', {}],
			[
				'/settings/invoicing?/save',
				{
					address: 'X',
					taxId: '',
					currency: 'USD',
					taxRateBp: '0',
					paymentDays: '1',
					paymentNote: '',
					quotaBytes: '1'
				}
			],
			['/settings/notifications?/save', { 'mail:tasks': 'on' }],
			['/settings/announcements/new?/create', { title: 'X', body: '' }],
			['/settings/announcements?/remove', { id }],
			[`/settings/announcements/${id}?/save`, { title: 'X', body: '' }],
			[`/clients/${clientId}/portal?/elements`, { 'show:files': 'hide' }],
			[`/clients/${clientId}/portal?/menu`, { order: 'tasks', 'label:tasks': 'X' }],
			[`/clients/${clientId}/portal?/reset`, {}]
		];
	};

	it.each(['maya@northwind.test', 'sam@northwind.test', 'sofia@northwind.test'])(
		'refuses %s, and nothing is changed',
		async (email) => {
			const person = await signedInStaff(server, email);
			const before = await stored();
			for (const [path, form] of await forms()) {
				const answer = await post(person, path, form);
				expect([path, answer.status, answer.refusal]).toEqual([path, 403, 'not_allowed']);
			}
			expect(await stored()).toEqual(before);
		}
	);

	it('sends a stranger to sign in', async () => {
		const before = await stored();
		for (const [path, form] of await forms()) {
			const answer = await post(new Stranger(server.port), path, form);
			expect([path, answer.status]).toEqual([path, 303]);
			expect(answer.location).toContain('/login');
		}
		expect(await stored()).toEqual(before);
	});

	it('is not found on the portal’s host', async () => {
		for (const [path] of await forms())
			expect((await bea.ask(server.portal + path.split('?')[0])).status).toBe(404);
	});
});

describe('what is typed into them', () => {
	it.each([
		{ hardLimitMinutes: '61' },
		{ hardLimitMinutes: '1e1' },
		{ hardLimitMinutes: '' },
		{ leaseSeconds: '60' },
		{ consent: 'toString' }
	])('is no policy with %j', async (wrong) => {
		const fine = {
			hardLimitMinutes: '30',
			onboardingLimitMinutes: '60',
			idleLimitMinutes: '10',
			leaseSeconds: '15',
			consent: 'none'
		};
		const before = await stored();
		const answer = await post(olivia, '/settings/policy?/save', { ...fine, ...wrong });
		expect(answer.status).toBe(400);
		expect(await stored()).toEqual(before);
	});

	it.each(['red;}', '#4f46e5"><script>', 'url(//evil)'])('is no accent: %s', async (accent) => {
		const answer = await post(olivia, '/settings/appearance?/save', { name: 'Northwind Studio', accent });
		expect(answer.status).toBe(400);
		const page = await bea.ask(`${server.portal}/`);
		expect(/<html[^>]*>/.exec(page.text)?.[0]).toContain('style=""');
	});

	it('colours both hosts once it can be seen, as nothing but colours', async () => {
		await post(olivia, '/settings/appearance?/save', { name: 'Northwind Studio', accent: '#0f7b6c' });
		for (const [person, origin] of [
			[olivia, `${server.agency}/settings`],
			[bea, `${server.portal}/`]
		] as const) {
			const html = /<html[^>]*>/.exec((await person.ask(origin)).text)?.[0] ?? '';
			expect(html).toMatch(
				/style="--accent:#0f7b6c;(--[a-z-]+:(#[0-9a-f]{6}|light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\));?)+"/
			);
		}
		await post(olivia, '/settings/appearance?/save', { name: 'Northwind Studio', accent: '' });
	});

	it('is nothing for ten thousand keys and for those every object has', async () => {
		const before = await clientSetup();
		const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`show:k${n}`, 'hide']));
		const forged = [many, { 'show:__proto__': 'hide', 'show:constructor': 'hide', 'edit:__proto__': 'read' }];
		for (const form of forged)
			expect((await post(olivia, `/clients/${clientId}/portal?/elements`, form)).status).toBe(303);
		const menu = {
			order: '__proto__,constructor,toString',
			'label:__proto__': 'X',
			'label:constructor': 'X'
		};
		expect((await post(olivia, `/clients/${clientId}/portal?/menu`, menu)).status).toBe(303);
		expect(await clientSetup()).toEqual(before);
		expect(({} as Record<string, unknown>)['hidden']).toBeUndefined();
	});

	it('is text wherever it is shown, and never longer than a name', async () => {
		const label = '<img src=x onerror=1>';
		const path = `/clients/${clientId}/portal?/menu`;
		expect((await post(olivia, path, { order: 'tasks', 'label:tasks': 'x'.repeat(10_000) })).status).toBe(
			400
		);
		expect((await post(olivia, path, { order: 'tasks', 'label:tasks': label })).status).toBe(303);
		const page = await bea.ask(`${server.portal}/`);
		expect(page.text).toContain('&lt;img src=x onerror=1');
		expect(page.text).not.toContain('<img src=x');
		await post(olivia, `/clients/${clientId}/portal?/reset`, {});
	});

	it('is no client or role that does not exist', async () => {
		const nobody = '00000000-0000-4000-8000-000000000000';
		for (const id of [nobody, 'x'])
			expect([400, 404]).toContain((await post(olivia, `/clients/${id}/portal?/reset`, {})).status);
		expect((await post(olivia, '/settings/sidebar?/save', { role: nobody, order: '' })).status).toBe(404);
		expect((await post(olivia, '/settings/sidebar?/save', { role: 'x', order: '' })).status).toBe(400);
	});
});

describe('a logo', () => {
	const upload = (bytes: string, name = 'logo.webp', type = 'image/webp') =>
		olivia.ask(`${server.agency}/settings/appearance?/logo`, {
			body: `--b\r\nContent-Disposition: form-data; name="logo"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n${bytes}\r\n--b--\r\n`,
			headers: { 'content-type': 'multipart/form-data; boundary=b' }
		});
	const WEBP = 'RIFF\u0010\u0000\u0000\u0000WEBPVP8 ';

	it('that is a page or a drawing with script is none, whatever it is called', async () => {
		expect((await upload('<!doctype html><script>1</script>', 'logo.png', 'image/png')).status).toBe(400);
		expect(
			(await upload('<svg xmlns="http://www.w3.org/2000/svg" onload="1"/>', 'logo.svg', 'image/svg+xml'))
				.status
		).toBe(400);
		expect((await upload(WEBP + 'x'.repeat(600 * 1024))).status).toBe(413);
		expect((await bea.ask(`${server.portal}/logo`)).status).toBe(404);
	});

	it('with a page hidden in it is a picture that can do nothing', async () => {
		expect((await upload(`${WEBP}<script>alert(1)</script>`, 'logo.html', 'text/html')).status).toBe(200);
		for (const [person, origin] of [
			[olivia, server.agency],
			[bea, server.portal]
		] as const) {
			const { status, headers } = await person.ask(`${origin}/logo`);
			expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'image/webp' });
			expect(headers['x-content-type-options']).toBe('nosniff');
			expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox");
		}
		for (const origin of [server.agency, server.portal])
			expect((await new Stranger(server.port).ask(`${origin}/logo`)).status).toBe(404);
	});
});

describe('what is hidden', () => {
	const set = (form: Record<string, string>) => post(olivia, `/clients/${clientId}/portal?/elements`, form);

	it('does not exist for the contact and for staff inside alike, whatever address they type', async () => {
		const maya = await signedInStaff(server, 'maya@northwind.test');
		await enterAs(server, maya, 'bea@bluebird.test');
		expect((await bea.ask(`${server.portal}/files`)).status).toBe(200);
		await set({ 'show:files': 'hide', 'show:tasks.create': 'hide' });
		for (const person of [bea, maya]) {
			expect((await person.ask(`${server.portal}/files`)).status).toBe(404);
			expect((await person.ask(`${server.portal}/`)).text).not.toContain('href="/files"');
		}
		const ticket = await openDocument(server, maya, '/tasks');
		await pretendRecorded(server, ticket);
		const form = { title: 'Past the menu', description: '', dueOn: '', form: 'create' };
		for (const [person, fields] of [
			[bea, form],
			[maya, { ...form, 'page-ticket': ticket }]
		] as const) {
			const answer = await person.ask(`${server.portal}/tasks/new?/create`, { form: fields });
			expect([403, 404]).toContain(answer.status);
		}
		const [made] = await db().execute(sql`SELECT id FROM task WHERE title = 'Past the menu'`);
		expect(made).toBeUndefined();
		await post(olivia, `/clients/${clientId}/portal?/reset`, {});
		expect((await bea.ask(`${server.portal}/files`)).status).toBe(200);
	});
});
