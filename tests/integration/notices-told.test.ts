// Who hears of what waits, is decided or was changed: verdicts, each switch of the policy, and what a client waits for.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionName } from '#domain/actions.ts';
import type { Origin, PortalActor, StaffActor } from '#domain/actor.ts';
import { composeDrafts } from '#server/compose/drafts.ts';
import { NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { openPeopleWorld, type PeopleWorld } from '#support/people-world.ts';

let world: PeopleWorld;
beforeAll(async () => {
	world = await openPeopleWorld();
});
beforeEach(async () => {
	await world.database.owner`DELETE FROM notice`;
	await world.database.owner`DELETE FROM mail`;
	await world.database.owner`DELETE FROM outbox`;
	world.sent.length = 0;
});

const list = async (actor: PortalActor | StaffActor) =>
	(await world.notices.list(actor, { page: 1, unread: false })).rows;
const titles = async (actor: PortalActor | StaffActor) => (await list(actor)).map((row) => row.title);
const mailsTo = async (side: 'staff' | 'contact', id: string) => {
	const address = await world.emailOf(side, id);
	return world.sent.filter(({ to }) => to === address).map(({ subject }) => subject);
};
const setPolicy = (policy: object) =>
	world.db.execute(sql`UPDATE agency SET policy = ${JSON.stringify(policy)}::jsonb WHERE name = 'North'`);

describe('whoever prepared something', () => {
	let drafts: ReturnType<typeof composeDrafts>;
	let remove: (actor: PortalActor, input: { id: string }, origin: Origin) => Promise<void>;
	beforeAll(() => {
		drafts = composeDrafts({ db: world.db, act: world.kit.act, ids: testIds });
		remove = drafts.orDraft(
			'file.deleted',
			async (actor: PortalActor, { id }: { id: string }, origin: Origin) => {
				const subject = { type: 'file', id, label: 'plan.pdf' };
				await world.kit.act(actor, { action: 'file.deleted', subject, origin }, async () => ({
					value: undefined
				}));
			},
			async () => ({ label: 'Delete plan.pdf', href: '/files', facts: [] })
		);
	});
	const prepare = async () => {
		await setPolicy({ draftSensitive: true });
		const { actor, end } = await world.inside('act');
		await expect(remove(actor, { id: randomUUID() }, NO_ORIGIN)).rejects.toMatchObject({ code: 'drafted' });
		await end();
		await world.deliver();
		world.sent.length = 0;
		await world.database.owner`DELETE FROM notice`;
		return (await drafts.list(world.contact(), 1)).open[0]!.id;
	};
	const { approved, declined, expired } = {
		approved: 'Owner of North Assigned approved what you prepared: deleted file “plan.pdf”',
		declined: 'Owner of North Assigned declined what you prepared: “Delete plan.pdf”',
		expired: 'What you prepared ran out before it was decided: “Delete plan.pdf”'
	};
	const ends = {
		[approved]: (id: string) => drafts.approve(world.contact(), id, NO_ORIGIN),
		[declined]: (id: string) => drafts.decline(world.contact(), { id, reason: 'Still needed' }, NO_ORIGIN),
		[expired]: async () => {
			await world.db.execute(sql`UPDATE draft SET expires_at = clock_timestamp() WHERE state = 'open'`);
			await drafts.expire();
		}
	};

	it.each(Object.keys(ends))('hears of the verdict, and nobody else does: %s', async (title) => {
		const manager = await world.staff('manager');
		await ends[title]!(await prepare());
		await world.deliver();
		const { clientId } = world.contact();
		expect(await list(manager)).toMatchObject([
			{ title, category: 'access', href: `/clients/${clientId}?tab=impersonations` }
		]);
		expect(await mailsTo('staff', manager.staffId)).toEqual([title]);
		for (const other of ['admin', 'assignee'] as const)
			expect(await titles(await world.staff(other))).toEqual([]);
		expect(await titles(world.contact())).toEqual([]);
	});

	it('has the mail only if they want it, and nothing once they may not read clients', async () => {
		const manager = await world.staff('manager');
		const { staffId } = manager;
		await world.db.execute(
			sql`UPDATE staff SET notice_setup = '{"access": {"mail": false}}' WHERE id = ${staffId}`
		);
		await ends[declined]!(await prepare());
		await world.deliver();
		expect(await titles(manager)).toEqual([declined]);
		expect(await mailsTo('staff', staffId)).toEqual([]);
		await world.db.execute(sql`UPDATE staff SET notice_setup = '{}' WHERE id = ${staffId}`);
		const id = await prepare();
		await world.db.execute(sql`UPDATE staff SET withdrawn = '{clients.read}' WHERE id = ${staffId}`);
		await ends[declined]!(id);
		await world.deliver();
		await world.db.execute(sql`UPDATE staff SET withdrawn = '{}' WHERE id = ${staffId}`);
		await setPolicy({});
		expect(await titles(manager)).toEqual([]);
		expect(world.sent).toEqual([]);
	});
});

describe('each switch of what clients are told', () => {
	const removeInside = async () => {
		const { actor, end } = await world.inside('act');
		const subject = { type: 'file', id: world.both.north.clients.assigned.fileId, label: 'plan.pdf' };
		await world.kit.act(actor, { action: 'file.deleted', subject }, async () => ({ value: null }));
		await end();
		await world.deliver();
	};
	const title = 'North manager as Owner of North Assigned deleted file “plan.pdf”';

	it.each([
		[{}, [title], [title]],
		[{ tellClient: false }, [], [title]],
		[{ mailAfterSensitive: false }, [title], []],
		[{ tellClient: false, mailAfterSensitive: false }, [], []]
	])('holds for itself after a sensitive change: %j', async (policy, inList, byMail) => {
		await setPolicy(policy);
		await removeInside();
		await setPolicy({});
		expect(await titles(world.contact())).toEqual(inList);
		expect(await mailsTo('contact', world.contact().contactId)).toEqual(byMail);
	});

	it.each([
		[{ tellClient: false }, 1],
		[{ mailOwnerDaily: false }, 0]
	])('holds for itself for the daily mail: %j', async (policy, mails) => {
		const { end, impersonationId } = await world.inside('view');
		await end();
		await world.database.owner`DELETE FROM outbox`;
		await world.database.owner`UPDATE impersonation SET started_at = started_at - interval '26 hours',
			ended_at = ended_at - interval '26 hours' + interval '5 minutes' WHERE id = ${impersonationId}`;
		await setPolicy(policy);
		await world.notices.mailOwners();
		await setPolicy({});
		await world.deliver();
		expect(await mailsTo('contact', world.contact().contactId)).toHaveLength(mails);
	});
});

describe('what a client waits for', () => {
	const subjectOf = (type: string) => {
		const { taskId, invoiceId } = world.both.north.clients.assigned;
		const ids: Record<string, string> = { task: taskId, invoice: invoiceId };
		return { type, id: ids[type] ?? randomUUID(), label: 'It' };
	};
	const doIt = async (action: ActionName, type: string) => {
		const subject = subjectOf(type);
		const { clientId } = world.contact();
		await world.kit.act(await world.staff('admin'), { action, clientId }, async () => ({
			value: null,
			subject,
			details: { name: 'logo.svg' }
		}));
		await world.deliver();
		return subject.id;
	};

	it.each([
		['order.file_added', 'order', 'orders', 'added file “logo.svg” to order “It”', 'orders.files'],
		['task.file_attached', 'task', 'tasks', 'attached file “logo.svg” to task “It”', 'tasks.attachments'],
		['invoice.voided', 'invoice', 'billing', 'voided invoice “It”', 'invoices'],
		['payment.removed', 'invoice', 'billing', 'removed a payment of invoice “It”', 'invoices.payments'],
		['payment.restored', 'invoice', 'billing', 'put back a payment of invoice “It”', 'invoices.payments'],
		['subscription.created', 'subscription', 'billing', 'created subscription “It”', 'subscriptions']
	] as const)('is told: %s', async (action, type, category, words, element) => {
		const owner = world.contact();
		const id = await doIt(action, type);
		const href = `/${type}s/${id}`;
		expect(await list(owner)).toMatchObject([{ title: `North admin, North ${words}`, category, href }]);
		await world.database.owner`DELETE FROM notice`;
		world.sent.length = 0;
		await world.setUp({ [element]: { hidden: true } });
		await doIt(action, type);
		await world.setUp({});
		expect(await titles(owner)).toEqual([]);
		expect(world.sent).toEqual([]);
	});
});
