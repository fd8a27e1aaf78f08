import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import { composeConsent } from '#server/compose/consent.ts';
import type { Db } from '#server/db/types.ts';
import { endOverdue } from '#server/usecases/impersonation/end-overdue.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	signInStaff,
	startForm,
	testIds,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededClient, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let consent: ReturnType<typeof composeConsent>;
let client: SeededClient;

const as = (contactId = client.owner): ClientActor => ({
	kind: 'client',
	agencyId: both.north.agencyId,
	clientId: client.clientId,
	contactId
});
const policy = (value: Record<string, unknown>) =>
	db.execute(
		sql`UPDATE agency SET policy = ${JSON.stringify(value)}::jsonb WHERE id = ${both.north.agencyId}`
	);
const grant = (lasts: 'hour' | 'day' | 'week' = 'hour') =>
	consent.grant(as(), { lasts, until: null }, NO_ORIGIN);
const daysAhead = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const lastAction = async () => {
	const [row] = await db.execute(
		sql`SELECT action, outcome, refusal FROM action WHERE agency_id = ${both.north.agencyId} ORDER BY seq DESC LIMIT 1`
	);
	return row;
};
const enter = (mode: 'view' | 'act' = 'view') =>
	impersonate(
		db,
		{
			agencyId: both.north.agencyId,
			staffId: both.north.staff.manager,
			clientId: client.clientId,
			contactId: client.owner,
			mode
		},
		kit
	);
const stateOf = async (id: string) => {
	const [row] = await db.execute<{ state: string; end_reason: string | null }>(
		sql`SELECT state, end_reason FROM impersonation WHERE id = ${id}`
	);
	return row;
};

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	consent = composeConsent({ db, act: kit.act, ids: testIds });
	client = both.north.clients.assigned;
});
beforeEach(async () => {
	await policy({});
	await db.execute(sql`DELETE FROM consent_grant`);
	await db.execute(
		sql`UPDATE client SET opted_out = false, requires_grant = false WHERE id = ${client.clientId}`
	);
	await db.execute(
		sql`UPDATE impersonation SET state = 'ended', end_reason = 'limit' WHERE state <> 'ended'`
	);
});

describe('a start', () => {
	const start = async () => {
		const staff = await signInStaff(db, both.north.agencyId, both.north.staff.manager);
		const form = startForm({ clientId: client.clientId, contactId: client.owner }, { mode: 'view' });
		return kit.start(staff, form, { endCurrent: true, origin: NO_ORIGIN });
	};

	it.each([
		['the client asks each time', { who: 'asked' as const }, {}],
		['the policy asks for a grant', null, { consent: 'grant' }]
	])('needs a grant when %s, and has it until it is withdrawn', async (_name, choice, rules) => {
		await policy(rules);
		if (choice) await consent.change(as(), choice, NO_ORIGIN);
		await expect(start()).rejects.toMatchObject({ code: 'start_refused', details: { reason: 'no_grant' } });
		expect(await lastAction()).toMatchObject({ action: 'impersonation.started', outcome: 'refused' });
		await grant();
		const { impersonationId } = await start();
		expect(impersonationId).toBeTruthy();
		const { grants } = await consent.read(as());
		await consent.withdraw(as(), grants[0]!.id, NO_ORIGIN);
		await expect(start()).rejects.toMatchObject({ code: 'start_refused' });
	});

	it('is refused once the client opted out, unless the policy takes opting out away', async () => {
		await consent.change(as(), { who: 'closed' }, NO_ORIGIN);
		await expect(start()).rejects.toMatchObject({ details: { reason: 'opted_out' } });
		await policy({ clientMayOptOut: false });
		expect((await start()).code).toBeTruthy();
		await expect(consent.change(as(), { who: 'closed' }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
	});

	it('is refused everywhere when the policy never allows it, grant or not', async () => {
		await policy({ consent: 'never' });
		await grant();
		await expect(start()).rejects.toMatchObject({ details: { reason: 'never_allowed' } });
		expect(await consent.read(as())).toMatchObject({ effective: 'closed' });
	});
});

describe('a running impersonation', () => {
	const sweep = () => endOverdue({ db, end: kit.end, onError: (error) => expect(error).toBeNull() })();

	it('ends with the grant it stands on, when that is withdrawn or runs out', async () => {
		await consent.change(as(), { who: 'asked' }, NO_ORIGIN);
		for (const end of ['withdraw', 'run out']) {
			await grant('day');
			const { impersonationId } = await enter();
			await sweep();
			expect(await stateOf(impersonationId)).toMatchObject({ state: 'active' });
			const { grants, insideNow } = await consent.read(as());
			expect(insideNow).toBe(1);
			if (end === 'withdraw') await consent.withdraw(as(), grants[0]!.id, NO_ORIGIN);
			else await db.execute(sql`UPDATE consent_grant SET until = clock_timestamp()`);
			await sweep();
			expect(await stateOf(impersonationId)).toEqual({ state: 'ended', end_reason: 'lost_right' });
		}
	});

	it('goes on while another grant runs, and ends when the client opts out', async () => {
		await consent.change(as(), { who: 'asked' }, NO_ORIGIN);
		await grant('hour');
		await grant('week');
		const { impersonationId } = await enter();
		const { grants } = await consent.read(as());
		expect(grants.map((one) => one.by)).toEqual([`Owner of ${client.name}`, `Owner of ${client.name}`]);
		await consent.withdraw(as(), grants[0]!.id, NO_ORIGIN);
		await sweep();
		expect(await stateOf(impersonationId)).toMatchObject({ state: 'active' });
		await consent.change(as(), { who: 'closed' }, NO_ORIGIN);
		await sweep();
		expect(await stateOf(impersonationId)).toMatchObject({ state: 'ended' });
	});
});

describe('a grant', () => {
	it('runs for what was chosen, up to 30 days, each with its action', async () => {
		await grant('hour');
		expect(await lastAction()).toMatchObject({ action: 'consent.granted', outcome: 'done' });
		await consent.grant(as(), { lasts: 'until', until: daysAhead(30) }, NO_ORIGIN);
		const { grants } = await consent.read(as());
		expect(grants).toHaveLength(2);
		expect(grants[0]!.until).toBeGreaterThan(Date.now() + 29 * 86_400_000);
		expect(grants[1]!.until - grants[1]!.grantedAt).toBeGreaterThan(3_590_000);
		expect(grants[1]!.until - grants[1]!.grantedAt).toBeLessThan(3_610_000);
	});

	it.each([-1, 31])('for a day %i days ahead is a fault of the field', async (days) => {
		const attempt = consent.grant(as(), { lasts: 'until', until: daysAhead(days) }, NO_ORIGIN);
		await expect(attempt).rejects.toMatchObject({ code: 'invalid', details: { field: 'until' } });
		expect((await consent.read(as())).grants).toEqual([]);
	});
});

describe('a grant that was withdrawn by mistake', () => {
	it('is given again with its old end, once, in a row of its own', async () => {
		await consent.change(as(), { who: 'asked' }, NO_ORIGIN);
		await grant('day');
		const [given] = (await consent.read(as())).grants;
		await consent.withdraw(as(), given!.id, NO_ORIGIN);
		expect(await consent.read(as())).toMatchObject({ grants: [], withdrawn: [{ id: given!.id }] });
		await consent.giveAgain(as(), given!.id, NO_ORIGIN);
		expect(await lastAction()).toMatchObject({ action: 'consent.granted', outcome: 'done' });
		const { grants, withdrawn } = await consent.read(as());
		expect([grants[0]!.until, withdrawn]).toEqual([given!.until, []]);
		await expect(consent.giveAgain(as(), given!.id, NO_ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('stays withdrawn after a while, once its time is over, and for everybody but an owner', async () => {
		await grant('day');
		const id = (await consent.read(as())).grants[0]!.id;
		await consent.withdraw(as(), id, NO_ORIGIN);
		const again = (actor: ClientActor) => consent.giveAgain(actor, id, NO_ORIGIN);
		await expect(again(as(client.contact))).rejects.toMatchObject({ code: 'not_allowed' });
		const elsewhere = both.north.clients.unassigned;
		const stranger = { ...as(elsewhere.owner), clientId: elsewhere.clientId };
		await expect(again(stranger)).rejects.toMatchObject({ code: 'conflict' });
		await db.execute(sql`UPDATE consent_grant SET withdrawn_at = withdrawn_at - interval '16 minutes'`);
		expect((await consent.read(as())).withdrawn).toEqual([]);
		await expect(again(as())).rejects.toMatchObject({ code: 'conflict' });
		await db.execute(
			sql`UPDATE consent_grant SET withdrawn_at = clock_timestamp(), until = clock_timestamp()`
		);
		await expect(again(as())).rejects.toMatchObject({ code: 'conflict' });
	});

	it('counts no more than twenty that run at once, so that each can be withdrawn', async () => {
		for (let n = 0; n < 20; n += 1) await grant();
		await expect(grant()).rejects.toMatchObject({ code: 'conflict' });
		expect((await consent.read(as())).grants).toHaveLength(20);
	});
});

describe('who decides', () => {
	it('is an owner: another contact reads, and their attempt is refused and logged', async () => {
		await grant();
		const other = as(client.contact);
		const { grants, mayChange } = await consent.read(other);
		expect(mayChange).toBe(false);
		const tries = [
			() => consent.grant(other, { lasts: 'hour', until: null }, NO_ORIGIN),
			() => consent.withdraw(other, grants[0]!.id, NO_ORIGIN),
			() => consent.change(other, { who: 'open' }, NO_ORIGIN)
		];
		for (const attempt of tries) {
			await expect(attempt()).rejects.toMatchObject({ code: 'not_allowed' });
			expect(await lastAction()).toMatchObject({ outcome: 'refused', refusal: 'not_allowed' });
		}
		expect((await consent.read(as())).grants).toHaveLength(1);
	});

	it.each(['view', 'act'] as const)('is never a staff member inside, in %s mode', async (mode) => {
		await grant();
		const { actor } = await enter(mode);
		const { grants } = await consent.read(actor);
		const tries = [
			() => consent.grant(actor, { lasts: 'hour', until: null }, NO_ORIGIN),
			() => consent.withdraw(actor, grants[0]!.id, NO_ORIGIN),
			() => consent.giveAgain(actor, grants[0]!.id, NO_ORIGIN),
			() => consent.change(actor, { who: 'open' }, NO_ORIGIN)
		];
		for (const attempt of tries) {
			await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' });
			expect(await lastAction()).toMatchObject({ outcome: 'refused', refusal: 'forbidden' });
		}
		expect((await consent.read(as())).grants).toHaveLength(1);
	});
});
