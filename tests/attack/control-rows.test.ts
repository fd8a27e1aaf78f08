// What the database refuses of control, whoever writes the row.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { StaffId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import {
	impersonate,
	impersonationKit,
	signInStaff,
	type Impersonated,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let stay: Impersonated;
let sofia: StaffActor;

const run = (statement: ReturnType<typeof sql>) => db.execute(statement);
/** The database's own words, which may stand behind the driver's. */
async function refused(deed: Promise<unknown>, words: string): Promise<void> {
	const error = await deed.then(
		() => new Error('it was taken'),
		(fault: Error) => fault
	);
	expect(`${error.message} ${(error.cause as Error | undefined)?.message}`).toContain(words);
}
const COLLEAGUE = 'is had by a colleague of the one inside';
const STEERED = 'is steered by a colleague of the one inside';
const OUTSIDER = 'whoever had control was inside';

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	const { agencyId, staff, clients } = both.north;
	const whom = { clientId: clients.assigned.clientId, contactId: clients.assigned.owner };
	stay = await impersonate(db, { agencyId, staffId: staff.manager, ...whom }, kit);
	sofia = await signInStaff(db, agencyId, staff.supervisor);
});

it('gives control to a colleague of the one inside, and to nobody else', async () => {
	const { agencyId, staff } = both.north;
	const give = (staffId: StaffId) =>
		run(sql`INSERT INTO control (id, agency_id, impersonation_id, staff_id, staff_session_id, hub_id, state, until)
			VALUES (${randomUUID()}, ${agencyId}, ${stay.impersonationId}, ${staffId}, ${randomUUID()}, ${randomUUID()}, 'held', now())`);
	const note = (staffId: StaffId) =>
		run(
			sql`INSERT INTO control_holder (impersonation_id, staff_id) VALUES (${stay.impersonationId}, ${staffId})`
		);
	for (const other of [staff.manager, both.south.staff.supervisor]) {
		await refused(give(other), COLLEAGUE);
		await refused(note(other), COLLEAGUE);
	}
	await give(sofia.staffId);
	await note(sofia.staffId);
	await refused(run(sql`UPDATE control SET staff_id = ${staff.manager}`), COLLEAGUE);
	await run(sql`UPDATE control SET state = 'over'`);
	await run(sql`DELETE FROM control`);
});

it('names nobody in the log as who steered but a colleague, and takes what is only written like it for text', async () => {
	const log = (details: Record<string, unknown>, actor: StaffActor | Impersonated['actor'] = stay.actor) =>
		kit.act(actor, { action: actor.kind === 'staff' ? 'impersonation.noted' : 'task.created' }, () =>
			Promise.resolve({ value: 'done', details })
		);
	const by = (staffId: string) => ({ staffId, name: 'Somebody' });
	const before = await run(sql`SELECT FROM action`);
	for (const key of ['steeredBy', 'heldBy']) {
		for (const other of [both.north.staff.manager, both.south.staff.supervisor, randomUUID(), 'nobody'])
			await refused(log({ [key]: by(other) }), STEERED);
		await refused(log({ [key]: 'Sofia' }), STEERED);
		// Nobody steers on the agency's own side.
		await refused(log({ [key]: by(both.north.staff.admin) }, sofia), STEERED);
	}
	// The row of the log went with its details, and with what it was about.
	expect(await run(sql`SELECT FROM action`)).toHaveLength(before.length);
	expect(await log({ steeredBy: by(sofia.staffId) })).toBe('done');
	expect(await log({ name: '"steeredBy":{"staffId":"x"}', nested: { steeredBy: 'x' } })).toBe('done');
});

it('lets whoever had control see to no alert of it, judge nothing of it and be given nothing of it', async () => {
	const { agencyId, staff } = both.north;
	const { impersonationId } = stay;
	await run(sql`INSERT INTO alert (id, agency_id, rule, staff_id, impersonation_id, at, count, span)
		VALUES (${randomUUID()}, ${agencyId}, 'downloads', ${staff.manager}, ${impersonationId}, now(), 20, 'x')`);
	await run(sql`INSERT INTO review (impersonation_id, agency_id, client_id, staff_id, ended_at, risk, reasons, is_incomplete, is_queued, due_at)
		SELECT id, agency_id, client_id, staff_id, now(), 50, '[]', false, true, now() FROM impersonation WHERE id = ${impersonationId}`);
	const settle = (by: string) =>
		run(sql`UPDATE alert SET state = 'seen', settled_by = ${by}, settled_at = now()`);
	const judge = (by: string) =>
		run(sql`UPDATE review SET verdict = 'fine', reviewed_by = ${by}, reviewed_at = now()`);
	const assign = (to: string) => run(sql`UPDATE review SET assigned_to = ${to}`);
	for (const deed of [settle, judge, assign]) {
		await refused(deed(sofia.staffId), OUTSIDER);
		await deed(staff.admin);
	}
	// What stands from before it was noted who had control stays, whatever else of the row changes.
	await run(
		sql`INSERT INTO control_holder (impersonation_id, staff_id) VALUES (${impersonationId}, ${staff.admin})`
	);
	await run(sql`UPDATE alert SET count = 40, settled_by = settled_by`);
	await run(sql`UPDATE review SET verdict = 'coach', reviewed_by = ${staff.superAdmin}, reviewed_at = now()`);
});
