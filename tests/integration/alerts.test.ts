import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { composeAlerts } from '#server/compose/alerts.ts';
import { composeNotices } from '#server/compose/notices.ts';
import type { Parts } from '#server/compose/parts.ts';
import { alertFilters } from '#server/usecases/alerts/alert-filters.ts';
import { alertRulesInput } from '#server/usecases/alerts/save-alert-rules.ts';
import { settleInput } from '#server/usecases/alerts/settle-alert.ts';
import { answerControl } from '#server/usecases/supervision/answer-control.ts';
import { askControl } from '#server/usecases/supervision/ask-control.ts';
import { markOrder } from '#server/usecases/supervision/mark-order.ts';
import { impersonate, impersonationKit, NO_ORIGIN, signInStaff, testIds } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededAgency, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let both: TwoAgencies;
let kit: ReturnType<typeof impersonationKit>;
let sofia: StaffActor;
let manager: StaffActor;
let stranger: StaffActor;
const faults: unknown[] = [];

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const run = (statement: ReturnType<typeof sql>) => database.db.execute(statement);
const parts = () =>
	({
		db: database.db,
		act: kit.act,
		ids: testIds,
		log: { error: (fields: unknown) => faults.push(fields) },
		config: { agencyOrigin: 'http://agency.test', portalOrigin: 'http://portal.test' }
	}) as unknown as Parts;
const alerts = () => composeAlerts(parts());
const list = async (actor: StaffActor, query: Record<string, string> = {}) =>
	(await alerts().list(actor, alertFilters.parse(query))).rows;
const settle = (actor: StaffActor, id: string, state: string, note = '') =>
	alerts().settle(actor, settleInput.parse({ id, state, note }), NO_ORIGIN);
const setRules = (rules: object) =>
	run(sql`UPDATE agency SET alert_rules = ${JSON.stringify(rules)}::text::jsonb`);

async function inside({ agencyId, staff, clients }: SeededAgency) {
	const { clientId, owner } = clients.assigned;
	return impersonate(database.db, { agencyId, staffId: staff.manager, clientId, contactId: owner }, kit);
}

/** The assignee tries what they may not. */
const tryIt = async (actor: StaffActor, client: string) =>
	kit
		.act(actor, { action: 'client.edited', clientId: client as never }, () =>
			Promise.reject(new Error('never'))
		)
		.catch(() => undefined);

beforeAll(async () => {
	database = await createTestDatabase();
	both = await seedTwoAgencies(database.db);
	kit = impersonationKit(database.db);
	const { north, south } = both;
	sofia = await signInStaff(database.db, north.agencyId, north.staff.supervisor);
	manager = await signInStaff(database.db, north.agencyId, north.staff.manager);
	stranger = await signInStaff(database.db, south.agencyId, south.staff.supervisor);
	await run(sql`UPDATE staff SET name = '<b>North</b> & co' WHERE id = ${north.staff.manager}`);
	await setRules({ refusedAnHour: 3, downloadsAnHour: 2, silentSeconds: 20 });
});
afterAll(() => database.close());

describe('what happens', () => {
	it('is raised once, by the system, and those who watch over are told, the one it is about not', async () => {
		const { north } = both;
		const stay = await inside(north);
		for (let n = 0; n < 3; n++)
			await kit.act(
				stay.actor,
				{ action: 'file.downloaded', subject: { type: 'file', id: randomUUID(), label: 'Plan' } },
				() => Promise.resolve({ value: undefined })
			);
		await run(sql`UPDATE staff SET granted = granted || ARRAY['review'] WHERE id = ${north.staff.manager}`);
		await Promise.all([alerts().raise(), alerts().raise()]);
		await alerts().raise();
		const [row, ...others] = await list(sofia);
		expect(others).toEqual([]);
		expect(row).toMatchObject({ rule: 'downloads', count: 3, client: 'North Assigned', isRunning: true });
		const logged =
			await run(sql`SELECT seq::text AS seq, actor_kind AS kind, impersonation_id AS stay FROM action
			WHERE action = 'alert.raised'`);
		expect([...logged]).toEqual([
			{ seq: expect.any(String) as string, kind: 'system', stay: stay.impersonationId }
		]);
		await composeNotices(parts()).spread([String(logged[0]?.['seq']), String(logged[0]?.['seq'])]);
		const told = await run(sql`SELECT s.id, n.title, n.href FROM notice n JOIN staff s ON s.id = n.staff_id
			WHERE n.category = 'alerts'`);
		expect(told.map((one) => one['id'])).not.toContain(north.staff.manager);
		expect(told.find((one) => one['id'] === sofia.staffId)).toMatchObject({
			title: 'Many downloads: <b>North</b> & co, 3 downloads within an hour',
			href: `/alerts/${row!.id}`
		});
		const mails = await run(
			sql`SELECT about FROM mail WHERE about LIKE 'alert:%' AND recipient LIKE 'supervisor@%'`
		);
		expect(mails).toHaveLength(1);
		expect(faults).toEqual([]);
	});

	it('stands above the live list while the stay runs', async () => {
		expect(await alerts().listRunning(sofia)).toMatchObject([{ rule: 'downloads' }]);
		expect(await alerts().listRunning(stranger)).toEqual([]);
	});

	it('leads to the live page, and to the moment of the recording once it is over', async () => {
		const [row] = await list(sofia);
		expect(await alerts().findMoment(sofia, row!.id)).toBe(`/live/${row!.impersonationId}`);
		await run(sql`UPDATE impersonation SET state = 'ended', ended_at = clock_timestamp(), end_reason = 'limit',
			started_at = (SELECT at - interval '42 seconds' FROM alert WHERE id = ${row!.id}) WHERE id = ${row!.impersonationId}`);
		expect(await alerts().findMoment(sofia, row!.id)).toBe(`/recordings/${row!.impersonationId}?t=42000`);
	});

	it('leads whoever may watch but not replay to the list, where it is over', async () => {
		const [row] = await list(sofia);
		const withdraw = (what: string) =>
			run(sql`UPDATE staff SET withdrawn = ${what}::text[] WHERE id = ${sofia.staffId}`);
		await withdraw('{review}');
		expect(await alerts().findMoment(sofia, row!.id)).toBe(`/alerts?show=all&staff=${manager.staffId}`);
		await withdraw('{}');
	});

	it('of another agency is nobody’s here, and of its own once an hour, however the process dies in between', async () => {
		const assignee = await signInStaff(database.db, both.north.agencyId, both.north.staff.assignee);
		const client = both.north.clients.assigned.clientId;
		for (let n = 0; n < 3; n++) await tryIt(assignee, client);
		// Dies after what was found is kept, before its row of the log is written.
		const dead = composeAlerts({ ...parts(), act: () => Promise.reject(new Error('killed')) } as Parts);
		await dead.raise();
		expect(faults.splice(0)).toHaveLength(1);
		const raised = () => run(sql`SELECT count(*)::int AS n FROM action WHERE action = 'alert.raised'`);
		expect((await raised())[0]?.['n']).toBe(1);
		await alerts().raise();
		for (let n = 0; n < 2; n++) await tryIt(assignee, client);
		await alerts().raise();
		expect((await raised())[0]?.['n']).toBe(2);
		const [row] = await list(sofia, { rule: 'refused' });
		expect(row).toMatchObject({ rule: 'refused', count: 5, impersonationId: null });
		expect(await alerts().findMoment(sofia, row!.id)).toContain('/alerts?show=all&staff=');
		expect(await list(stranger, { show: 'all' })).toEqual([]);
		// Attack: what was seen to covers all that follows within the hour.
		await settle(sofia, row!.id, 'handled', 'A slip.');
		await tryIt(assignee, client);
		await alerts().raise();
		expect((await raised())[0]?.['n']).toBe(3);
		expect(await list(sofia, { rule: 'refused' })).toMatchObject([{ id: row!.id, state: 'open', count: 6 }]);
	});

	it('by the clock: a silent recorder, once for each stay', async () => {
		const stay = await inside(both.south);
		await run(
			sql`UPDATE impersonation SET started_at = clock_timestamp() - interval '2 minutes' WHERE id = ${stay.impersonationId}`
		);
		await run(
			sql`UPDATE page SET last_beat_at = clock_timestamp() - interval '25 seconds' WHERE id = ${stay.pageId}`
		);
		await alerts().raise();
		await run(
			sql`UPDATE page SET last_beat_at = clock_timestamp() - interval '35 seconds' WHERE id = ${stay.pageId}`
		);
		await alerts().raise();
		expect(await list(stranger)).toMatchObject([{ rule: 'silent', impersonationId: stay.impersonationId }]);
	});
});

describe('seeing to one', () => {
	it('keeps who did and what they say, and can be taken back; each stands in the log', async () => {
		const [row] = await list(sofia, { rule: 'downloads' });
		await settle(sofia, row!.id, 'seen');
		await settle(sofia, row!.id, 'handled', 'Asked <i>her</i>.');
		await settle(sofia, row!.id, 'handled', 'Asked <i>her</i>.');
		expect(await list(sofia, { show: 'settled' })).toMatchObject([
			{ state: 'handled', settledBy: 'North supervisor', note: 'Asked <i>her</i>.' }
		]);
		await settle(sofia, row!.id, 'open');
		expect(await list(sofia, { show: 'settled' })).toEqual([]);
		const rows = await run(
			sql`SELECT action FROM action WHERE action LIKE 'alert.%' AND actor_kind = 'staff' AND subject_id = ${row!.id}
				ORDER BY seq`
		);
		expect(rows.map((one) => one['action'])).toEqual(['alert.settled', 'alert.settled', 'alert.reopened']);
	});

	it('is not for whoever it is about, whatever they may, nor would the database keep it', async () => {
		const [row] = await list(sofia, { rule: 'downloads' });
		await expect(settle(manager, row!.id, 'handled')).rejects.toEqual(refusal('not_allowed'));
		await expect(
			run(
				sql`UPDATE alert SET state = 'seen', settled_at = now(), settled_by = staff_id WHERE id = ${row!.id}`
			)
		).rejects.toThrow();
		const tries = await run(sql`SELECT FROM action WHERE action = 'alert.settled' AND outcome = 'refused'
			AND actor_staff_id = ${manager.staffId}`);
		expect(tries).toHaveLength(1);
	});

	it('is not for whoever holds neither permission, nor for another agency', async () => {
		const [row] = await list(sofia, { rule: 'downloads' });
		await run(sql`UPDATE staff SET granted = array_remove(granted, 'review') WHERE id = ${manager.staffId}`);
		for (const door of [
			() => list(manager),
			() => alerts().findMoment(manager, row!.id),
			() => settle(manager, row!.id, 'seen'),
			() => alerts().readRules(manager),
			() => alerts().saveRules(manager, alertRulesInput.parse(FORM), NO_ORIGIN)
		])
			await expect(door()).rejects.toEqual(refusal('not_allowed'));
		await expect(alerts().findMoment(stranger, row!.id)).rejects.toEqual(refusal('not_found'));
		await expect(settle(stranger, row!.id, 'seen')).rejects.toEqual(refusal('not_found'));
		await expect(alerts().findMoment(sofia, "x'; DROP")).rejects.toEqual(refusal('not_found'));
	});
});

const FORM = {
	clients: '8',
	downloadsAnHour: '20',
	refusedAnHour: '10',
	silentSeconds: '30',
	longMinutes: '45',
	longTimes: '3'
};

describe('the rules', () => {
	it('are saved as an action, and refuse what is out of bounds with a sentence', async () => {
		const admin = await signInStaff(database.db, both.north.agencyId, both.north.staff.admin);
		await run(sql`UPDATE agency SET alert_rules = '{}'`);
		const form = {
			...FORM,
			...Object.fromEntries(['many_clients', 'downloads', 'silent', 'long'].map((key) => [key, 'on']))
		};
		const changes = await alerts().saveRules(
			admin,
			alertRulesInput.parse({ ...form, clients: '5' }),
			NO_ORIGIN
		);
		expect(changes).toEqual([
			{ setting: 'From clients', before: '8', after: '5' },
			{ setting: 'Refused attempts', before: 'on', after: 'off' }
		]);
		expect(await alerts().readRules(admin)).toMatchObject({ clients: 5, refused: false });
		for (const clients of ['1', '51', '2.5', '', '1e9', 'many']) {
			const parsed = alertRulesInput.safeParse({ ...form, clients });
			expect(parsed.error?.issues[0]?.message, clients).toBe('Type a whole number from 2 to 50.');
		}
	});
});

it('reads of a log what is new, however long it is', async () => {
	const rows =
		await run(sql`EXPLAIN (FORMAT JSON) SELECT a.seq FROM action a WHERE a.agency_id = ${both.north.agencyId}
		AND a.seq > 900000000 AND a.seq <= 900000100 AND a.actor_staff_id IS NOT NULL ORDER BY a.seq LIMIT 500`);
	const plan = JSON.stringify(rows[0]);
	expect(plan).toContain('Index');
	expect(plan).toContain('seq > ');
	await alerts().raise();
	const [cursor] = await run(
		sql`SELECT bool_and(c.seq = h.seq) AS isAtHead FROM alert_cursor c JOIN chain_head h USING (agency_id)`
	);
	expect(Object.values(cursor ?? {})).toEqual([true]);
});

describe('what is done by control', () => {
	it('counts on the one who steered, and neither of the two inside is told of it or sees to it', async () => {
		const { north } = both;
		await setRules({ downloadsAnHour: 2 });
		const stay = await inside(north);
		const steering = await signInStaff(database.db, north.agencyId, north.staff.admin);
		await run(sql`UPDATE staff SET granted = ARRAY['review'] WHERE id = ${manager.staffId}`);
		const { impersonationId } = stay;
		const hubId = randomUUID();
		const id = await askControl({ ...kit, db: database.db, ids: testIds })(steering, {
			impersonationId,
			hubId,
			origin: NO_ORIGIN
		});
		const who = { ...stay.actor, staffId: stay.actor.act.staffId };
		await answerControl({ ...kit, db: database.db })(who, { id, isGranted: true });
		await markOrder({ db: database.db })(id, { pageId: stay.pageId, msAgo: 0 });
		for (let n = 0; n < 2; n++)
			await kit.act(stay.actor, { action: 'file.downloaded' }, () => Promise.resolve({ value: undefined }));
		await alerts().raise();
		const about = (await list(sofia, { rule: 'downloads' })).filter(
			({ staffId }) => staffId === steering.staffId
		);
		expect(about).toMatchObject([{ count: 2, impersonationId, isOwn: false }]);
		await expect(settle(steering, about[0]!.id, 'seen')).rejects.toEqual(refusal('not_allowed'));
		await expect(settle(manager, about[0]!.id, 'seen')).rejects.toEqual(refusal('not_allowed'));
		const [logged] = await run(sql`SELECT seq::text AS seq FROM action WHERE action = 'alert.raised'
			AND subject_id = ${about[0]!.id}`);
		await composeNotices(parts()).spread([String(logged?.['seq'])]);
		const told = await run(sql`SELECT staff_id AS id FROM notice WHERE href = ${`/alerts/${about[0]!.id}`}`);
		expect(told.map((one) => one['id'])).toContain(sofia.staffId);
		expect(told.map((one) => one['id'])).not.toContain(manager.staffId);
		expect(told.map((one) => one['id'])).not.toContain(steering.staffId);
		await kit.end(null, { impersonationId, reason: 'limit' });
	});
});
