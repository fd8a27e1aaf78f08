// The client in the loop: who is inside is told while they are, to whom it concerns, and the client can end it.
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import { readPortalView, readStanding } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import { endVisit } from '#server/usecases/impersonation/end-visit.ts';
import { readAccessHistory } from '#server/usecases/portal/read-access-history.ts';
import { readVisitsNow } from '#server/usecases/portal/read-visits-now.ts';
import { impersonate, impersonationKit, NO_ORIGIN, type ImpersonationKit } from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededClient, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let client: SeededClient;

const as = (contactId = client.owner): ClientActor => ({
	kind: 'client',
	agencyId: both.north.agencyId,
	clientId: client.clientId,
	contactId
});
const enter = (contactId = client.owner, staffId = both.north.staff.manager) =>
	impersonate(db, { agencyId: both.north.agencyId, staffId, clientId: client.clientId, contactId }, kit);
const visitsOf = async (actor: ClientActor) =>
	readVisitsNow({ db })(actor, (await readPortalView(db, actor))!);
const end = (actor: ClientActor, visit: string) => endVisit({ act: kit.act })(actor, { visit }, NO_ORIGIN);
const policy = (value: Record<string, unknown>) =>
	db.execute(
		sql`UPDATE agency SET policy = ${JSON.stringify(value)}::jsonb WHERE id = ${both.north.agencyId}`
	);

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	client = both.north.clients.assigned;
});
beforeEach(async () => {
	await policy({});
	await db.execute(
		sql`UPDATE impersonation SET state = 'ended', ended_at = now(), end_reason = 'limit' WHERE state <> 'ended'`
	);
});

describe('who is inside', () => {
	it('is told to the owner with the row that stands in Access history, and no more once it is over', async () => {
		expect(await visitsOf(as())).toEqual([]);
		const { impersonationId, actor } = await enter(client.contact);
		const [visit] = await visitsOf(as());
		expect(visit).toMatchObject({ id: impersonationId, staff: 'North manager', endedAt: null });
		expect(visit!.sentence).toContain('is in your portal now');
		const { rows } = await readAccessHistory({ db })(as(), 1);
		expect(rows[0]).toMatchObject(visit!);
		await kit.end(actor, { impersonationId, reason: 'switch_back' });
		expect(await visitsOf(as())).toEqual([]);
	});

	it('is told to another contact only where it is they who are impersonated', async () => {
		await enter(client.owner);
		expect(await visitsOf(as(client.contact))).toEqual([]);
		await enter(client.contact, both.north.staff.admin);
		expect(await visitsOf(as(client.contact))).toHaveLength(1);
		expect(await visitsOf(as())).toHaveLength(2);
	});

	it('is not told where the policy does not tell clients, nor past the limit', async () => {
		const { impersonationId } = await enter();
		await policy({ tellClient: false });
		expect(await visitsOf(as())).toEqual([]);
		await policy({});
		expect(await visitsOf(as())).toHaveLength(1);
		await db.execute(sql`UPDATE impersonation SET expires_at = now() WHERE id = ${impersonationId}`);
		expect(await visitsOf(as())).toEqual([]);
	});
});

describe('End now', () => {
	it('ends it like every other end: the row, the signal, the proof of what was looked at, and nothing goes on', async () => {
		const { impersonationId, actor } = await enter();
		expect(await end(as(), impersonationId)).toBe(true);
		const [news] = await db.execute(sql`SELECT payload -> 'signal' AS signal FROM outbox
			WHERE payload -> 'signal' ->> 'topic' = 'impersonation.ended' ORDER BY id DESC LIMIT 1`);
		expect(news).toMatchObject({ signal: { impersonationId, reason: 'client' } });
		expect(await readStanding(db, actor, false)).toMatchObject({ ended: true });
		const [row] = await db.execute<{ details: string }>(sql`
			SELECT a.action, a.actor_kind, a.contact_id, a.impersonation_id, d.details FROM action a
			JOIN action_details d ON d.seq = a.seq WHERE a.agency_id = ${both.north.agencyId} ORDER BY a.seq DESC LIMIT 1`);
		expect(row).toMatchObject({
			action: 'visit.ended',
			actor_kind: 'client',
			contact_id: client.owner,
			impersonation_id: impersonationId
		});
		expect(JSON.parse(row!.details)).toMatchObject({ reason: 'client', subject: 'North manager', views: 0 });
	});

	it('pressed again, or when it is over already, changes nothing', async () => {
		const { impersonationId } = await enter();
		expect(await Promise.all([end(as(), impersonationId), end(as(), impersonationId)])).toContain(false);
		expect(await end(as(), impersonationId)).toBe(false);
	});

	it('is there for a contact when it is they who are impersonated', async () => {
		const { impersonationId } = await enter(client.contact);
		expect(await end(as(client.contact), impersonationId)).toBe(true);
	});
});
