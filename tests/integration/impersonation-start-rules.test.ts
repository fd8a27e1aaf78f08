import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { readImpersonation } from '#server/usecases/impersonation/read-impersonation.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	signInStaff,
	startForm,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let staff: StaffActor;

const policy = (value: Record<string, unknown>) =>
	db.execute(
		sql`UPDATE agency SET policy = ${JSON.stringify(value)}::jsonb WHERE id = ${both.north.agencyId}`
	);
const start = (fields: Parameters<typeof startForm>[1]) => {
	const { clientId, owner } = both.north.clients.assigned;
	const form = startForm({ clientId, contactId: owner }, fields);
	return kit.start(staff, form, { endCurrent: true, origin: NO_ORIGIN });
};

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	staff = await signInStaff(db, both.north.agencyId, both.north.staff.manager);
});
beforeEach(() => policy({}));

describe('what the policy wants filled in', () => {
	it('is a reason, unless the agency does without', async () => {
		await expect(start({ reason: '' })).rejects.toMatchObject({
			code: 'invalid',
			details: { field: 'reason' }
		});
		await policy({ reasonRequired: false });
		const { impersonationId } = await start({ reason: '' });
		const [row] = await db.execute(sql`SELECT reason FROM impersonation WHERE id = ${impersonationId}`);
		expect(row).toEqual({ reason: 'other' });
	});

	it('is a ticket, only where the agency asks for one', async () => {
		expect((await start({ ticket: '' })).code).toBeTruthy();
		await policy({ ticketRequired: true });
		await expect(start({ ticket: '  ' })).rejects.toMatchObject({
			code: 'invalid',
			details: { field: 'ticket' }
		});
		expect((await start({ ticket: '812' })).code).toBeTruthy();
	});
});

describe('the banner’s facts', () => {
	it.each([
		['limit', sql`UPDATE impersonation SET expires_at = clock_timestamp()`],
		[
			'idle',
			sql`UPDATE impersonation_pulse SET last_activity_at = clock_timestamp() - interval '11 minutes'`
		],
		['signed_out', sql`UPDATE staff_session SET expires_at = clock_timestamp()`],
		['lost_right', sql`UPDATE client SET opted_out = true`],
		['recorder_silent', sql`UPDATE impersonation SET started_at = clock_timestamp() - interval '3 minutes'`]
	])('say that it is over by %s before anything has swept', async (reason, change) => {
		const { agencyId, staff: people, clients } = both.south;
		const whom = { clientId: clients.assigned.clientId, contactId: clients.assigned.owner };
		const inside = await impersonate(db, { agencyId, staffId: people.manager, ...whom }, kit);
		const read = readImpersonation({ db });
		expect(await read(inside.token)).toMatchObject({ over: null, frozen: null, mode: 'act' });
		await db.execute(sql`UPDATE page SET last_beat_at = clock_timestamp() - interval '3 minutes'`);
		await db.execute(change);
		expect(await read(inside.token)).toMatchObject({ over: reason });
		await kit.end(null, { impersonationId: inside.impersonationId, reason: 'limit' });
		await db.execute(sql`UPDATE client SET opted_out = false`);
	});
});
