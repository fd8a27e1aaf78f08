import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { putMail } from '#server/usecases/notices/put-mail.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openPeopleWorld, type PeopleWorld } from '#support/people-world.ts';

const FIRST = { sort: '-failed', page: 1 } as const;
let world: PeopleWorld;
beforeAll(async () => {
	world = await openPeopleWorld();
});
beforeEach(async () => {
	await world.database.owner`DELETE FROM mail`;
	await world.database.owner`DELETE FROM outbox`;
	world.sent.length = 0;
	world.relay.fails = null;
});

const put = (about: string, more: { subject?: string; side?: 'north' | 'south' } = {}) =>
	world.db.transaction((tx) =>
		putMail(tx, {
			id: randomUUID(),
			agencyId: world.both[more.side ?? 'north'].agencyId,
			clientId: null,
			about,
			recipient: 'bea@bluebird.test',
			subject: more.subject ?? 'A subject',
			body: 'Some words.',
			link: { href: 'http://portal.localhost:3000/invitation/one-time', label: 'Open' }
		})
	);
const row = async () => (await world.database.sql`SELECT * FROM mail`)[0]!;

describe('a mail', () => {
	it('is made once for what it is about, sent once, and its link is forgotten then', async () => {
		expect([await put('x'), await put('x')]).toEqual([true, false]);
		const { id } = await row();
		await world.deliver();
		await world.notices.sendMail(id as string);
		expect(world.sent).toHaveLength(1);
		expect(world.sent[0]).toMatchObject({ to: 'bea@bluebird.test', fromName: 'North', subject: 'A subject' });
		expect(world.sent[0]?.text).toContain('http://portal.localhost:3000/invitation/one-time');
		expect(await row()).toMatchObject({ link: null, failed_at: null });
	});

	it('is sent once when two jobs take it at once', async () => {
		await put('twice');
		const { id } = await row();
		await Promise.all([1, 2, 3, 4].map(() => world.notices.sendMail(id as string)));
		expect(world.sent).toHaveLength(1);
	});

	it('keeps its subject to one line and a decent length', async () => {
		await put('long', { subject: `Hello\r\nBcc: eve@evil.test ${'x'.repeat(300)}` });
		const { subject } = await row();
		expect(subject).not.toMatch(/[\r\n]/);
		expect((subject as string).length).toBeLessThanOrEqual(180);
	});

	it('that fails is thrown to the job, shown to admins of its agency alone, and sent again by a press', async () => {
		await put('fails');
		const { id } = await row();
		world.relay.fails = '550 no such mailbox';
		await expect(world.notices.sendMail(id as string)).rejects.toMatchObject({ code: 'try_later' });
		const admin = await world.staff('admin');
		const failed = await world.notices.listFailedMails(admin, FIRST);
		expect(failed.rows).toMatchObject([{ failure: '550 no such mailbox', attempts: 1 }]);
		expect((await world.notices.listFailedMails(await world.staff('admin', 'south'), FIRST)).rows).toEqual(
			[]
		);
		await expect(world.notices.listFailedMails(await world.staff('manager'), FIRST)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		await expect(
			world.notices.retryMail(await world.staff('admin', 'south'), id as string, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'not_found' });
		world.relay.fails = null;
		await world.notices.retryMail(admin, id as string, NO_ORIGIN);
		expect(await world.lastAction()).toMatchObject({ action: 'mail.retried' });
		await world.deliver();
		expect(world.sent).toHaveLength(1);
		expect((await world.notices.listFailedMails(admin, FIRST)).rows).toEqual([]);
	});

	it('that lost its job is queued again after a while, for three days', async () => {
		await put('lost');
		await world.database.owner`DELETE FROM outbox`;
		await world.notices.mailOwners();
		expect(await world.deliver()).toBe(0);
		await world.database.owner`UPDATE mail SET created_at = now() - interval '20 minutes'`;
		await world.notices.mailOwners();
		await world.deliver();
		expect(world.sent).toHaveLength(1);
		await put('old');
		await world.database.owner`DELETE FROM outbox`;
		await world.database.owner`UPDATE mail SET created_at = now() - interval '4 days' WHERE about = 'old'`;
		await world.notices.mailOwners();
		expect(await world.deliver()).toBe(0);
	});
});
