// Drafts by those they do not belong to, and by those who bend what is stored.
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientActor, PortalActor } from '#domain/actor.ts';
import { composeDrafts } from '#server/compose/drafts.ts';
import { describeTaskDeletion } from '#server/usecases/drafts/describe.ts';
import type { Db } from '#server/db/types.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	signInStaff,
	testIds,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededClient, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let drafts: ReturnType<typeof composeDrafts>;
let draftId: string;
const ran: PortalActor[] = [];

const ownerOf = (side: 'north' | 'south', client: SeededClient): ClientActor => ({
	kind: 'client',
	agencyId: both[side].agencyId,
	clientId: client.clientId,
	contactId: client.owner
});

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	drafts = composeDrafts({ db, act: kit.act, ids: testIds });
	const removeTask = drafts.orDraft(
		'task.deleted',
		(actor: PortalActor, _input: { id: string }, origin) =>
			kit.act(actor, { action: 'task.deleted', origin }, async () => {
				ran.push(actor);
				return { value: undefined };
			}),
		async () => ({ label: 'Delete task', href: '/tasks', facts: [] })
	);
	await db.execute(sql`UPDATE agency SET policy = '{"draftSensitive": true}'`);
	const { clientId, owner, taskId } = both.north.clients.assigned;
	const { actor } = await impersonate(
		db,
		{ agencyId: both.north.agencyId, staffId: both.north.staff.manager, clientId, contactId: owner },
		kit
	);
	await expect(removeTask(actor, { id: taskId }, NO_ORIGIN)).rejects.toMatchObject({ code: 'drafted' });
	draftId = (await drafts.list(ownerOf('north', both.north.clients.assigned), 1)).open[0]!.id;
});

describe('another account’s draft', () => {
	it('is neither seen, approved nor declined, from the next client or the next agency', async () => {
		const strangers = [
			ownerOf('north', both.north.clients.unassigned),
			ownerOf('south', both.south.clients.assigned)
		];
		for (const stranger of strangers) {
			expect(await drafts.list(stranger, 1)).toEqual({
				open: [],
				openTotal: 0,
				decided: [],
				decidedTotal: 0
			});
			await expect(drafts.approve(stranger, draftId, NO_ORIGIN)).rejects.toMatchObject({
				code: 'not_found'
			});
			await expect(drafts.decline(stranger, { id: draftId, reason: '' }, NO_ORIGIN)).rejects.toMatchObject({
				code: 'not_found'
			});
		}
		expect(ran).toEqual([]);
	});

	it('is not settled by an actor who names it for a change of their own', async () => {
		const stranger = ownerOf('north', both.north.clients.unassigned);
		const [row] = await db.execute<{ prepared_by: string; impersonation_id: string }>(
			sql`SELECT prepared_by, impersonation_id FROM draft WHERE id = ${draftId}`
		);
		const forged = {
			...stranger,
			approves: { draftId, staffId: row!.prepared_by, impersonationId: row!.impersonation_id }
		} as unknown as ClientActor;
		await expect(
			kit.act(forged, { action: 'task.created' }, async () => ({ value: undefined }))
		).rejects.toMatchObject({ code: 'conflict' });
	});

	it('is not listed to, nor withdrawn by, staff of another agency', async () => {
		const south = await signInStaff(db, both.south.agencyId, both.south.staff.superAdmin);
		const { clientId } = both.north.clients.assigned;
		await expect(drafts.listOfClient(south, clientId)).rejects.toMatchObject({ code: 'not_found' });
		await expect(drafts.withdraw(south, { clientId, id: draftId }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
	});
});

describe('what a draft is about', () => {
	it('is no internal task: its title is not said to whoever stands in the portal', async () => {
		const client = both.north.clients.assigned;
		const say = () => describeTaskDeletion(db, ownerOf('north', client), { id: client.taskId });
		expect((await say()).label).toMatch(/^Delete task /);
		await db.execute(sql`UPDATE task SET client_visible = false WHERE id = ${client.taskId}`);
		await expect(say()).rejects.toMatchObject({ code: 'not_found' });
		await db.execute(sql`UPDATE task SET client_visible = true WHERE id = ${client.taskId}`);
	});
});

describe('a stored action', () => {
	it('that nothing knows how to run is refused, and stays', async () => {
		const owner = ownerOf('north', both.north.clients.assigned);
		await db.execute(sql`UPDATE draft SET action = 'order.placed' WHERE id = ${draftId}`);
		await expect(drafts.approve(owner, draftId, NO_ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
		// One that no draft may hold is not even shown, were it written past the program.
		await db.execute(sql`UPDATE draft SET action = 'contact.removed' WHERE id = ${draftId}`);
		expect((await drafts.list(owner, 1)).open).toEqual([]);
		await db.execute(sql`UPDATE draft SET action = 'task.deleted' WHERE id = ${draftId}`);
		await drafts.approve(owner, draftId, NO_ORIGIN);
		expect(ran).toHaveLength(1);
	});

	it.each(['', 'x', "' OR true --", '00000000-0000-4000-8000-000000000000'])(
		'%j names nothing',
		async (id) => {
			const owner = ownerOf('north', both.north.clients.assigned);
			await expect(drafts.approve(owner, id, NO_ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
		}
	);
});
