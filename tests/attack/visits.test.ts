// End now by those who may not: from inside, for somebody else's visit, with a name that is none.
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { endVisit } from '#server/usecases/impersonation/end-visit.ts';
import { impersonate, impersonationKit, NO_ORIGIN, type Impersonated } from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededClient, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let victim: SeededClient;
let inside: Impersonated;
let end: ReturnType<typeof endVisit>;

const contactOf = (
	side: 'north' | 'south',
	client: SeededClient,
	who: 'owner' | 'contact' = 'owner'
): ClientActor => ({
	kind: 'client',
	agencyId: both[side].agencyId,
	clientId: client.clientId,
	contactId: client[who]
});
const state = async () => {
	const [row] = await db.execute<{ state: string }>(
		sql`SELECT state FROM impersonation WHERE id = ${inside.impersonationId}`
	);
	return row!.state;
};

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	const kit = impersonationKit(db);
	end = endVisit({ act: kit.act });
	victim = both.north.clients.assigned;
	const { agencyId, staff } = both.north;
	inside = await impersonate(
		db,
		{ agencyId, staffId: staff.manager, clientId: victim.clientId, contactId: victim.owner },
		kit
	);
});

it('from inside is refused in Act mode too, and stands in the log as tried', async () => {
	await expect(end(inside.actor, { visit: inside.impersonationId }, NO_ORIGIN)).rejects.toMatchObject({
		code: 'forbidden'
	});
	const [row] = await db.execute(
		sql`SELECT action, outcome, refusal, actor_kind FROM action ORDER BY seq DESC LIMIT 1`
	);
	expect(row).toEqual({
		action: 'visit.ended',
		outcome: 'refused',
		refusal: 'forbidden',
		actor_kind: 'impersonation'
	});
	expect(await state()).toBe('active');
});

describe('somebody else’s visit', () => {
	it.each([
		['the next client', () => contactOf('north', both.north.clients.unassigned)],
		['the next agency', () => contactOf('south', both.south.clients.assigned)],
		[
			'a contact of the same client who is not the one impersonated',
			() => contactOf('north', victim, 'contact')
		],
		[
			'the next client, under this client’s id',
			() => ({ ...contactOf('north', both.north.clients.unassigned), clientId: victim.clientId })
		]
	])('is not ended by %s', async (_who, actor) => {
		await expect(end(actor(), { visit: inside.impersonationId }, NO_ORIGIN)).rejects.toMatchObject({
			code: expect.stringMatching(/^not_(found|allowed)$/) as unknown
		});
		expect(await state()).toBe('active');
	});

	it.each(["' OR true --", '', '00000000-0000-4000-8000-000000000000'])(
		'is not named by %j',
		async (visit) => {
			await expect(end(contactOf('north', victim), { visit }, NO_ORIGIN)).rejects.toMatchObject({
				code: 'not_found'
			});
			expect(await state()).toBe('active');
		}
	);
});
