// Mails that wait for the receipt: which do, who decides, and that none is lost whatever happens in between.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionName } from '#domain/actions.ts';
import { composeReceipt } from '#server/compose/receipt.ts';
import type { Parts } from '#server/compose/parts.ts';
import { drainOutbox } from '#server/db/outbox.ts';
import type { JobRequest } from '#server/jobs/catalogue.ts';
import { resendWaiting } from '#server/usecases/notices/resend-waiting.ts';
import { endVisit } from '#server/usecases/impersonation/end-visit.ts';
import { NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { openPeopleWorld, type PeopleWorld } from '#support/people-world.ts';

let world: PeopleWorld;
let receipt: ReturnType<typeof composeReceipt>;
let inside: Awaited<ReturnType<PeopleWorld['inside']>>;

const named = () => ({ clientId: inside.actor.clientId, id: inside.impersonationId });
const mails = async () => (await receipt.read(inside.staff, named())).mails;
const states = async () => (await mails()).map(({ state }) => state);
const sentTo = (email: string) => world.sent.filter(({ to }) => to === email).map(({ subject }) => subject);
const does = async (action: ActionName, type = 'thread') => {
	const subject = { type, id: randomUUID(), label: 'Menu' };
	await world.kit.act(inside.actor, { action, subject }, async () => ({ value: null }));
};
const writes = async () => {
	await does('message.sent');
	await world.deliver();
};
const policy = (value: object) =>
	world.db.execute(sql`UPDATE agency SET policy = ${JSON.stringify(value)}::jsonb WHERE name = 'North'`);
const ownerMail = () => world.emailOf('contact', world.contact().contactId);
const end = (reason: 'limit' | 'supervisor' | 'switch_back') =>
	world.kit.end(null, { impersonationId: inside.impersonationId, reason });

beforeAll(async () => {
	world = await openPeopleWorld();
	const parts = {
		db: world.db,
		act: world.kit.act,
		ids: testIds,
		log: { error: () => undefined }
	} as unknown as Parts;
	const none = {} as unknown as Parameters<typeof composeReceipt>[1];
	receipt = composeReceipt(parts, { ...none, tasks: {}, files: {}, subscriptions: {} } as typeof none);
});
beforeEach(async () => {
	await world.db.execute(sql`UPDATE impersonation SET state = 'ended', ended_at = now() - interval '2 days',
		end_reason = 'limit' WHERE state <> 'ended'`);
	await world.database.owner`DELETE FROM mail`;
	await world.database.owner`DELETE FROM outbox`;
	await policy({ holdMails: true });
	world.sent.length = 0;
	inside = await world.inside('act');
});

describe('a mail that something inside causes', () => {
	it('leaves at once unless the policy holds it', async () => {
		await policy({});
		await writes();
		expect(sentTo(await ownerMail())).toHaveLength(1);
		expect(await mails()).toEqual([]);
	});

	it('waits for the receipt, whoever would send it, and what tells the client of the access does not', async () => {
		await writes();
		expect(world.sent).toEqual([]);
		expect(new Set(await states())).toEqual(new Set(['held']));
		const [first] = await mails();
		await world.notices.sendMail(first!.id);
		await world.db.execute(sql`UPDATE mail SET created_at = now() - interval '1 hour'`);
		await resendWaiting({ db: world.db })();
		await world.deliver();
		expect(world.sent).toEqual([]);

		await does('file.deleted', 'file');
		await world.deliver();
		expect(sentTo(await ownerMail())).toHaveLength(1);
	});

	it('about a sensitive change goes to the owner at once even where it is told under another category', async () => {
		await policy({ holdMails: true, tellClient: false });
		await does('order.cancelled', 'order');
		await world.deliver();
		expect(sentTo(await ownerMail())).toHaveLength(1);
	});

	it('that is only told of after Switch Back waits too', async () => {
		await does('message.sent');
		await inside.end();
		await world.deliver();
		expect(new Set(await states())).toEqual(new Set(['held']));
	});
});

describe('whoever may not read it any more when it is let go', () => {
	it('does not get it, and whoever still may gets theirs, at the address they have now', async () => {
		await writes();
		const owner = await ownerMail();
		const held = (await mails()).map(({ recipient }) => recipient);
		expect(held).toContain(owner);
		expect(held.length).toBeGreaterThan(1);
		await world.db.execute(sql`UPDATE contact SET active = false WHERE email = ${owner}`);
		const [other] = held.filter((email) => email !== owner);
		const moves = async (from: string, to: string) => {
			await world.db.execute(sql`UPDATE staff SET email = ${to} WHERE email = ${from}`);
			await world.db.execute(sql`UPDATE contact SET email = ${to} WHERE email = ${from}`);
		};
		await moves(other!, `new-${other}`);
		try {
			await end('limit');
			await world.deliver();
			expect(sentTo(owner)).toEqual([]);
			expect(sentTo(other!)).toEqual([]);
			expect(sentTo(`new-${other}`)).toHaveLength(1);
			const taken = (await mails()).filter(({ recipient }) => recipient === owner);
			expect(taken.map(({ state }) => state)).toEqual(['cancelled']);
		} finally {
			await world.db.execute(sql`UPDATE contact SET active = true WHERE email = ${owner}`);
			await moves(`new-${other}`, other!);
		}
	});
});

describe('the receipt', () => {
	it('sends or cancels each once, and both are actions', async () => {
		await writes();
		await inside.end();
		await world.deliver();
		const all = await mails();
		expect(all.length).toBeGreaterThan(1);
		await receipt.sendMail(inside.staff, { ...named(), mailId: all[0]!.id }, NO_ORIGIN);
		expect(await world.lastAction()).toMatchObject({ action: 'mail.released', outcome: 'done' });
		await receipt.cancelMail(inside.staff, { ...named(), mailId: all[1]!.id }, NO_ORIGIN);
		expect(await world.lastAction()).toMatchObject({ action: 'mail.cancelled', outcome: 'done' });
		await world.deliver();
		expect(world.sent.map(({ to }) => to)).toEqual([all[0]!.recipient]);
		expect((await states()).slice(0, 2)).toEqual(['sent', 'cancelled']);
		for (const [decide, { id }] of [
			[receipt.sendMail, all[0]!],
			[receipt.cancelMail, all[0]!],
			[receipt.cancelMail, all[1]!]
		] as const)
			await expect(decide(inside.staff, { ...named(), mailId: id }, NO_ORIGIN)).rejects.toMatchObject({
				code: 'conflict'
			});
		await world.notices.sendMail(all[1]!.id);
		expect(world.sent).toHaveLength(1);
	});

	it('sends after all what was cancelled by a slip, and forgets its words when the time for that is over', async () => {
		await writes();
		await inside.end();
		const [slip, meant] = await mails();
		for (const { id } of [slip!, meant!])
			await receipt.cancelMail(inside.staff, { ...named(), mailId: id }, NO_ORIGIN);
		const send = (mailId: string) => receipt.sendMail(inside.staff, { ...named(), mailId }, NO_ORIGIN);
		await send(slip!.id);
		await world.deliver();
		expect(world.sent.map(({ to }) => to)).toEqual([slip!.recipient]);
		await world.db.execute(
			sql`UPDATE mail SET cancelled_at = now() - interval '241 minutes' WHERE id = ${meant!.id}`
		);
		await receipt.releaseLeft();
		expect((await mails())[1]).toMatchObject({ state: 'cancelled', subject: meant!.subject, body: '' });
		await expect(send(meant!.id)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('sends all that still wait', async () => {
		await writes();
		await inside.end();
		expect(await receipt.readLeft(inside.staff, named().clientId)).toMatchObject({
			held: (await mails()).length
		});
		await receipt.sendAllMails(inside.staff, named(), NO_ORIGIN);
		await world.deliver();
		expect(new Set(await states())).toEqual(new Set(['sent']));
		expect(world.sent).toHaveLength((await mails()).length);
	});
});

describe('nothing is lost', () => {
	it.each(['limit', 'supervisor'] as const)('at a forced end (%s) all of them leave', async (reason) => {
		await writes();
		await end(reason);
		await world.deliver();
		expect(new Set(await states())).toEqual(new Set(['sent']));
		expect(world.sent).toHaveLength((await mails()).length);
	});

	it('when the client ends it they leave, and one that is told of only then does not begin to wait', async () => {
		await writes();
		await does('message.sent');
		await endVisit({ act: world.kit.act })(world.contact(), { visit: inside.impersonationId }, NO_ORIGIN);
		await world.deliver();
		expect(sentTo(await ownerMail())).toHaveLength(2);
	});

	it('when the process dies right after a forced end, their jobs are rows of that end', async () => {
		await writes();
		const waiting = (await mails()).map(({ id }) => id);
		await end('limit');
		// Nothing was drained: this is what the next process finds.
		const jobs: JobRequest[] = [];
		await drainOutbox(world.db, {
			publish: async () => undefined,
			addJobs: async (all) => void jobs.push(...all)
		});
		const sending = jobs.flatMap((job) => (job.name === 'mail.send' ? [job.data.mailId] : []));
		expect(sending.toSorted()).toEqual(waiting.toSorted());
	});

	it('when nobody decides they go by themselves after the hours of the receipt, once', async () => {
		await writes();
		await inside.end();
		expect(await receipt.releaseLeft()).toBe(0);
		await world.db.execute(
			sql`UPDATE impersonation SET ended_at = now() - interval '241 minutes' WHERE id = ${inside.impersonationId}`
		);
		const count = (await mails()).length;
		expect(await receipt.releaseLeft()).toBe(count);
		expect(await receipt.releaseLeft()).toBe(0);
		await world.deliver();
		expect(world.sent).toHaveLength(count);
	});
});
