import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { exportActions } from '#server/usecases/agency/export-actions.ts';
import { listActions, MAX_COUNTED } from '#server/usecases/agency/list-actions.ts';
import { readActionChoices } from '#server/usecases/agency/read-action-choices.ts';
import { switchMode } from '#server/usecases/impersonation/switch-mode.ts';
import { lastAction } from '#support/client-kit.ts';
import { impersonate, impersonationKit, NO_ORIGIN, signInStaff } from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let admin: StaffActor;

const list = async (address: Record<string, string> = {}) =>
	listActions({ db })(admin, actionFilters.parse(address));
const firstOf = async (action: string) => (await list({ action })).rows[0];
const inside = () =>
	impersonate(db, {
		agencyId: both.north.agencyId,
		staffId: both.north.staff.manager,
		clientId: both.north.clients.assigned.clientId,
		contactId: both.north.clients.assigned.owner
	});

/** A row as the gate would link it, without a chain: for what cannot be done in a test's few steps. */
async function addRow(row: {
	kind: string;
	staffId?: string;
	contactId?: string;
	at?: string;
	count?: number;
}) {
	const bytes = randomBytes(32);
	await db.execute(sql`INSERT INTO action (seq, agency_id, at, client_id, contact_id, actor_kind, actor_staff_id, action, outcome,
			details_hash, previous_hash, hash)
		SELECT nextval('action_seq'), ${both.north.agencyId}, ${row.at ?? '2026-11-20T12:00:00Z'}::timestamptz,
			${both.north.clients.assigned.clientId}, ${row.contactId ?? null}::uuid, ${row.kind}, ${row.staffId ?? null}::uuid,
			'order.placed', 'done', ${bytes}, ${bytes}, ${bytes} FROM generate_series(1, ${row.count ?? 1})`);
}

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	admin = await signInStaff(db, both.north.agencyId, both.north.staff.admin);
});

describe('a row of the log', () => {
	it('says who is whom where the subject is an impersonation, and to which mode it was changed', async () => {
		const { act, end } = impersonationKit(db);
		const { actor, impersonationId } = await inside();
		await switchMode({ act })(actor, 'view', { origin: NO_ORIGIN, isStale: false });
		await end(null, { impersonationId, reason: 'limit' });
		const who = 'North manager as Owner of North Assigned';
		expect(await firstOf('impersonation.ended')).toMatchObject({
			subject: { type: 'impersonation', id: impersonationId, label: who }
		});
		expect((await firstOf('impersonation.mode_changed'))?.title).toBe('Changed mode to View only');
		expect(await firstOf('impersonation.started')).toMatchObject({
			subject: { type: 'contact', label: 'Owner of North Assigned' }
		});
	});

	it('names who prepared what a contact approved', async () => {
		const { manager } = both.north.staff;
		await addRow({ kind: 'client', contactId: both.north.clients.assigned.owner, staffId: manager });
		expect(await firstOf('order.placed')).toMatchObject({
			actorKind: 'client',
			contact: 'Owner of North Assigned',
			staff: 'North manager'
		});
	});
});

describe('filters', () => {
	it('take contacts themselves and the program itself for actors', async () => {
		await addRow({ kind: 'system' });
		const kinds = async (actor: string) => [
			...new Set((await list({ actor })).rows.map((row) => row.actorKind))
		];
		expect(await kinds('contacts')).toEqual(['client']);
		expect(await kinds('system')).toEqual(['system']);
		const { actors } = await readActionChoices({ db })(admin);
		expect(actors.slice(0, 2).map((choice) => choice.value)).toEqual(['contacts', 'system']);
	});

	it('leave out who signed in and out where that is asked for', async () => {
		const { act } = impersonationKit(db);
		await act(admin, { action: 'staff.signed_in' }, () => Promise.resolve({ value: null }));
		const names = async (asked: Record<string, string>) => (await list(asked)).rows.map((row) => row.action);
		expect(await names({})).toContain('staff.signed_in');
		expect(await names({ deeds: '1' })).not.toContain('staff.signed_in');
		expect((await list({ deeds: '1' })).rows).toHaveLength((await list({})).rows.length - 1);
	});

	it('show what was done to one record, called as it was last, and nothing of another agency’s', async () => {
		const { act } = impersonationKit(db);
		const id = randomUUID();
		const rename = (label: string) =>
			act(admin, { action: 'client.edited', subject: { type: 'client', id, label } }, () =>
				Promise.resolve({ value: null })
			);
		await rename('Bluebird');
		await rename('Bluebird Bakery');
		expect((await list({ about: id })).rows.map((row) => row.subject?.label)).toEqual([
			'Bluebird Bakery',
			'Bluebird'
		]);
		expect((await list({ about: id, outcome: 'refused' })).rows).toEqual([]);
		const choices = readActionChoices({ db });
		expect((await choices(admin, { about: id })).about).toBe('Bluebird Bakery');
		expect((await choices(admin)).about).toBeNull();
		const south = await signInStaff(db, both.south.agencyId, both.south.staff.admin);
		expect((await choices(south, { about: id })).about).toBe('one record');
		expect((await listActions({ db })(south, actionFilters.parse({ about: id }))).rows).toEqual([]);
	});

	it('offer only actions that were done here, by their titles', async () => {
		const { actions } = await readActionChoices({ db })(admin);
		expect(actions).toContainEqual({ value: 'impersonation.ended', label: 'Ended impersonation' });
		expect(actions.map((choice) => choice.value)).not.toContain('task.deleted');
		const south = await signInStaff(db, both.south.agencyId, both.south.staff.admin);
		expect((await readActionChoices({ db })(south)).actions).toEqual([]);
	});

	it('find a day’s rows at both of its edges', async () => {
		const { agencyId } = both.south;
		const south = await signInStaff(db, agencyId, both.south.staff.admin);
		const bytes = randomBytes(32);
		for (const at of [
			'2026-11-01T23:59:59.999Z',
			'2026-11-02T00:00:00Z',
			'2026-11-02T23:59:59Z',
			'2026-11-03T00:00:00Z'
		])
			await db.execute(sql`INSERT INTO action (seq, agency_id, at, actor_kind, action, outcome, details_hash, previous_hash, hash)
				VALUES (nextval('action_seq'), ${agencyId}, ${at}, 'system', 'invoice.sent', 'done', ${bytes}, ${bytes}, ${bytes})`);
		const hours = async (address: Record<string, string>) =>
			(await listActions({ db })(south, actionFilters.parse(address))).rows.map((row) =>
				new Date(row.at).toISOString().slice(8, 19)
			);
		expect(await hours({ from: '2026-11-02', to: '2026-11-02' })).toEqual(['02T23:59:59', '02T00:00:00']);
		expect(await hours({ from: '2026-11-03' })).toEqual(['03T00:00:00']);
		expect(await hours({ to: '2026-11-01' })).toEqual(['01T23:59:59']);
		expect(await hours({ from: '2026-11-04' })).toEqual([]);
		const berlin = { from: '2026-11-03', to: '2026-11-03', zone: 'Europe/Berlin' };
		expect(await hours(berlin)).toEqual(['03T00:00:00', '02T23:59:59']);
		expect(await hours({ ...berlin, zone: 'Mars/Olympus' })).toEqual(['03T00:00:00']);
	});

	it('count up to a bound and say so', async () => {
		await addRow({ kind: 'client', contactId: both.north.clients.assigned.contact, count: MAX_COUNTED + 5 });
		expect(await list({ action: 'order.placed' })).toMatchObject({ total: MAX_COUNTED, isMore: true });
		expect(await list({ action: 'impersonation.ended' })).toMatchObject({ total: 1, isMore: false });
	});
});

describe('the export', () => {
	const read = async (address: Record<string, string>, actor = admin) => {
		const kit = impersonationKit(db);
		const stream = await exportActions({ act: kit.act, db })(actor, actionFilters.parse(address), NO_ORIGIN);
		return (await new Response(stream).text()).trim().split('\r\n');
	};

	it('holds every filtered row once, newest first, over all batches, and is itself logged', async () => {
		const lines = await read({ client: both.north.clients.assigned.clientId });
		const [known] = await db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM action
			WHERE client_id = ${both.north.clients.assigned.clientId}`);
		const numbers = lines.slice(1).map((line) => Number(line.split(',')[0]));
		expect(new Set(numbers).size).toBe(numbers.length);
		expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
		// Rows that were put in past the chain stand above its head: the export ends at the head.
		expect(numbers.length).toBeGreaterThan(0);
		expect(numbers.length).toBeLessThanOrEqual(known!.n);
		expect(await lastAction(db)).toMatchObject({
			action: 'actions.exported',
			details: { client: both.north.clients.assigned.clientId }
		});
	});

	it('never holds another agency’s rows, and is refused and logged without the permission', async () => {
		expect((await read({})).join('\n')).not.toContain('South');
		const assignee = await signInStaff(db, both.north.agencyId, both.north.staff.assignee);
		await expect(read({}, assignee)).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await lastAction(db)).toMatchObject({ action: 'actions.exported', outcome: 'refused' });
	});

	it('makes names harmless that a spreadsheet would run', async () => {
		await db.execute(sql`UPDATE client SET name = '=1+1' WHERE id = ${both.north.clients.assigned.clientId}`);
		const lines = await read({ action: 'impersonation.ended' });
		expect(lines[1]).toContain("'=1+1");
	});
});
