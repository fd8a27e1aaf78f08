// Starting, entering and ending an impersonation by those who may not, and twice, late or at once by those who may.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { ClientId, ContactId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	signInStaff,
	startForm,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import {
	seedTwoAgencies,
	type SeededClient,
	type SeededStaff,
	type TwoAgencies
} from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
});

afterEach(async () => {
	const live = await db.execute<{ id: string }>(sql`SELECT id FROM impersonation WHERE state <> 'ended'`);
	for (const row of live) await kit.end(null, { impersonationId: row.id as never, reason: 'limit' });
});

const signIn = (who: SeededStaff, side: keyof TwoAgencies = 'north'): Promise<StaffActor> =>
	signInStaff(db, both[side].agencyId, both[side].staff[who]);
const start = (
	actor: StaffActor,
	client: SeededClient,
	contact: ContactId = client.owner,
	endCurrent = false
) =>
	kit.start(actor, startForm({ clientId: client.clientId, contactId: contact }), {
		endCurrent,
		origin: NO_ORIGIN
	});
const liveCount = async (staffId: string): Promise<number> => {
	const [row] = await db.execute<{ n: number }>(
		sql`SELECT count(*)::int AS n FROM impersonation WHERE staff_id = ${staffId} AND state <> 'ended'`
	);
	return row!.n;
};
const lastAction = async () => {
	const [row] = await db.execute<{
		action: string;
		outcome: string;
		refusal: string;
		actor_staff_id: string;
	}>(sql`SELECT action, outcome, refusal, actor_staff_id FROM action ORDER BY seq DESC LIMIT 1`);
	return row!;
};

describe('start by someone who may not', () => {
	it.each(['assignee', 'supervisor'] as const)('refuses the role %s and logs the attempt', async (role) => {
		const actor = await signIn(role);
		await expect(start(actor, both.north.clients.assigned)).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await liveCount(actor.staffId)).toBe(0);
		expect(await lastAction()).toMatchObject({
			action: 'impersonation.started',
			outcome: 'refused',
			actor_staff_id: actor.staffId
		});
	});

	it('refuses a right that was withdrawn from this one person', async () => {
		const actor = await signIn('admin');
		await db.execute(sql`UPDATE staff SET withdrawn = '{impersonate}' WHERE id = ${actor.staffId}`);
		await expect(start(actor, both.north.clients.assigned)).rejects.toMatchObject({ code: 'not_allowed' });
		await db.execute(sql`UPDATE staff SET withdrawn = '{}' WHERE id = ${actor.staffId}`);
	});

	it.each([
		['unassigned', 'is not assigned to you'],
		['optedOut', 'opted out of impersonation'],
		['inactive', 'is inactive']
	] as const)('refuses the client that is %s, in words, and logs it', async (which, words) => {
		const actor = await signIn('manager');
		await expect(start(actor, both.north.clients[which])).rejects.toMatchObject({
			code: 'start_refused',
			message: expect.stringContaining(words)
		});
		expect(await liveCount(actor.staffId)).toBe(0);
		expect(await lastAction()).toMatchObject({ action: 'impersonation.started', refusal: 'start_refused' });
	});

	it('answers for another agency’s client as for one that does not exist', async () => {
		const actor = await signIn('superAdmin');
		const other = await start(actor, both.south.clients.assigned).catch((error: Error) => error);
		const none = await start(actor, {
			...both.south.clients.assigned,
			clientId: randomUUID() as string as ClientId
		}).catch((error: Error) => error);
		expect(other).toMatchObject({ code: 'not_found' });
		expect((other as Error).message).toBe((none as Error).message);
		const [row] = await db.execute<{ n: number }>(
			sql`SELECT count(*)::int AS n FROM action WHERE agency_id = ${both.south.agencyId}`
		);
		expect(row?.n).toBe(0);
	});

	it('refuses a contact of another client, of the same agency and of another', async () => {
		const actor = await signIn('superAdmin');
		const { assigned, unassigned } = both.north.clients;
		for (const contact of [unassigned.owner, both.south.clients.assigned.owner])
			await expect(start(actor, assigned, contact)).rejects.toMatchObject({ code: 'start_refused' });
	});

	it('writes no account of another agency into the own log, whoever names it', async () => {
		const south = both.south.clients.assigned;
		const [assignee, manager] = [await signIn('assignee'), await signIn('manager')];
		const attempts = [start(assignee, south), start(manager, both.north.clients.assigned, south.owner)];
		for (const attempt of await Promise.allSettled(attempts)) expect(attempt.status).toBe('rejected');
		const rows = await db.execute<{ client_id: string | null; contact_id: string | null }>(sql`
			SELECT client_id, contact_id FROM action WHERE outcome = 'refused' ORDER BY seq DESC LIMIT 2`);
		expect(rows.map((row) => row.contact_id)).toEqual([null, null]);
		expect(rows.map((row) => row.client_id)).not.toContain(south.clientId);
	});

	it('refuses a staff session that is over', async () => {
		const actor = await signIn('admin');
		await db.execute(sql`DELETE FROM staff_session WHERE id = ${actor.sessionId}`);
		await expect(start(actor, both.north.clients.assigned)).rejects.toMatchObject({ code: 'not_allowed' });
	});

	it('refuses an actor who names another agency than their own', async () => {
		const actor = { ...(await signIn('superAdmin')), agencyId: both.south.agencyId };
		await expect(start(actor, both.south.clients.assigned)).rejects.toMatchObject({ code: 'not_allowed' });
	});
});

describe('a second start', () => {
	it('is refused while one is live, and ends it when asked to', async () => {
		const first = await impersonate(db, {
			agencyId: both.north.agencyId,
			staffId: both.north.staff.manager,
			clientId: both.north.clients.assigned.clientId,
			contactId: both.north.clients.assigned.owner
		});
		await expect(start(first.staff, both.north.clients.assigned)).rejects.toMatchObject({
			code: 'already_impersonating'
		});
		await start(first.staff, both.north.clients.assigned, both.north.clients.assigned.contact, true);
		const [old] = await db.execute<{ state: string; end_reason: string }>(
			sql`SELECT state, end_reason FROM impersonation WHERE id = ${first.impersonationId}`
		);
		expect(old).toEqual({ state: 'ended', end_reason: 'replaced' });
		expect(await liveCount(first.staff.staffId)).toBe(1);
	});

	it('raced from two windows leaves exactly one live, ten times over', async () => {
		const actor = await signIn('admin');
		for (let round = 0; round < 10; round += 1) {
			const results = await Promise.allSettled([
				start(actor, both.north.clients.assigned),
				start(actor, both.north.clients.unassigned)
			]);
			expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
			const lost = results.find((result) => result.status === 'rejected');
			expect(lost?.reason).toMatchObject({ code: 'already_impersonating' });
			expect(await liveCount(actor.staffId)).toBe(1);
			await db.execute(sql`UPDATE impersonation SET state = 'ended' WHERE staff_id = ${actor.staffId}`);
		}
	});
});

describe('the one-time code', () => {
	it('enters once; the second use is refused and logged, and the first stays inside', async () => {
		const actor = await signIn('manager');
		const { code, impersonationId } = await start(actor, both.north.clients.assigned);
		await kit.enter(code, NO_ORIGIN);
		await expect(kit.enter(code, NO_ORIGIN)).rejects.toMatchObject({ code: 'start_refused' });
		expect(await lastAction()).toMatchObject({ action: 'impersonation.entered', outcome: 'refused' });
		const [row] = await db.execute<{ state: string }>(
			sql`SELECT state FROM impersonation WHERE id = ${impersonationId}`
		);
		expect(row?.state).toBe('active');
	});

	it('raced by two redemptions lets exactly one in', async () => {
		const actor = await signIn('manager');
		const { code } = await start(actor, both.north.clients.assigned);
		const results = await Promise.allSettled([kit.enter(code, NO_ORIGIN), kit.enter(code, NO_ORIGIN)]);
		expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
	});

	it('is refused when late', async () => {
		const actor = await signIn('manager');
		const { code, impersonationId } = await start(actor, both.north.clients.assigned);
		await db.execute(
			sql`UPDATE impersonation SET code_expires_at = clock_timestamp() - interval '1 ms' WHERE id = ${impersonationId}`
		);
		await expect(kit.enter(code, NO_ORIGIN)).rejects.toMatchObject({ code: 'start_refused' });
	});

	it('is refused after the staff session that made it ended', async () => {
		const actor = await signIn('manager');
		const { code } = await start(actor, both.north.clients.assigned);
		await db.execute(sql`DELETE FROM staff_session WHERE id = ${actor.sessionId}`);
		await expect(kit.enter(code, NO_ORIGIN)).rejects.toMatchObject({ code: 'start_refused' });
	});

	it('is refused when the client was taken away between start and entry', async () => {
		const actor = await signIn('manager');
		const { clientId } = both.north.clients.assigned;
		const { code } = await start(actor, both.north.clients.assigned);
		await db.execute(sql`UPDATE client SET opted_out = true WHERE id = ${clientId}`);
		await expect(kit.enter(code, NO_ORIGIN)).rejects.toMatchObject({ code: 'start_refused' });
		await db.execute(sql`UPDATE client SET opted_out = false WHERE id = ${clientId}`);
	});

	it('is refused when guessed', async () => {
		await expect(kit.enter('A'.repeat(43), NO_ORIGIN)).rejects.toMatchObject({ code: 'start_refused' });
	});

	it('is nowhere in the database in the clear', async () => {
		const actor = await signIn('manager');
		const { code } = await start(actor, both.north.clients.assigned);
		const [row] = await db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM
			(SELECT i::text AS t FROM impersonation i UNION ALL SELECT details FROM action_details) x
			WHERE x.t LIKE ${`%${code}%`} OR x.t LIKE ${`%${Buffer.from(code).toString('hex')}%`}`);
		expect(row?.n).toBe(0);
	});
});

describe('end by another’s id', () => {
	const inside = () =>
		impersonate(db, {
			agencyId: both.north.agencyId,
			staffId: both.north.staff.manager,
			clientId: both.north.clients.assigned.clientId,
			contactId: both.north.clients.assigned.owner
		});

	it('is refused to a colleague who may not supervise, and logged', async () => {
		const { impersonationId, staff } = await inside();
		const colleague = await signIn('assignee');
		await expect(kit.end(colleague, { impersonationId, reason: 'supervisor' })).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect(await liveCount(staff.staffId)).toBe(1);
		expect(await lastAction()).toMatchObject({ action: 'impersonation.ended', outcome: 'refused' });
	});

	it('finds nothing for a supervisor of another agency', async () => {
		const { impersonationId, staff } = await inside();
		const stranger = await signIn('superAdmin', 'south');
		await expect(kit.end(stranger, { impersonationId, reason: 'supervisor' })).rejects.toMatchObject({
			code: 'not_found'
		});
		expect(await liveCount(staff.staffId)).toBe(1);
	});

	it('works for a supervisor of the same agency, once', async () => {
		const { impersonationId } = await inside();
		const supervisor = await signIn('supervisor');
		expect(await kit.end(supervisor, { impersonationId, reason: 'supervisor' })).toBe(true);
		expect(await kit.end(supervisor, { impersonationId, reason: 'supervisor' })).toBe(false);
	});
});
