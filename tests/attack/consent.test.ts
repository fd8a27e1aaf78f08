// Consent by those who would give it in another's name, or take another's away.
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import { composeConsent } from '#server/compose/consent.ts';
import { grantInput } from '#server/usecases/consent/grant-consent.ts';
import type { Db } from '#server/db/types.ts';
import { impersonationKit, NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededClient, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let consent: ReturnType<typeof composeConsent>;

const ownerOf = (side: 'north' | 'south', client: SeededClient): ClientActor => ({
	kind: 'client',
	agencyId: both[side].agencyId,
	clientId: client.clientId,
	contactId: client.owner
});

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	consent = composeConsent({ db, act: impersonationKit(db).act, ids: testIds });
});

describe('another account’s grant', () => {
	it('cannot be withdrawn by its id, from the next client or the next agency', async () => {
		const victim = ownerOf('north', both.north.clients.assigned);
		await consent.grant(victim, { lasts: 'day', until: null }, NO_ORIGIN);
		const [grant] = (await consent.read(victim)).grants;
		const strangers = [
			ownerOf('north', both.north.clients.unassigned),
			ownerOf('south', both.south.clients.assigned)
		];
		for (const stranger of strangers) {
			await expect(consent.withdraw(stranger, grant!.id, NO_ORIGIN)).rejects.toMatchObject({
				code: 'not_found'
			});
			expect((await consent.read(stranger)).grants).toEqual([]);
		}
		expect((await consent.read(victim)).grants).toHaveLength(1);
	});

	it('is not given by an owner of another account, even under its id', async () => {
		const own = ownerOf('north', both.north.clients.unassigned);
		const forged = { ...own, clientId: both.north.clients.assigned.clientId };
		await expect(consent.grant(forged, { lasts: 'day', until: null }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
	});
});

describe('bent input', () => {
	it.each([
		[{ lasts: 'year' }],
		[{ lasts: 'until' }],
		[{ lasts: 'until', until: 'infinity' }],
		[{ lasts: 'until', until: '2999-13-45' }],
		[{ lasts: "hour'; DROP TABLE consent_grant; --" }]
	])('%j is a fault of a field', (input) => {
		expect(grantInput.safeParse(input).success).toBe(false);
	});

	it('that names no id names nothing', async () => {
		const owner = ownerOf('north', both.north.clients.assigned);
		await expect(consent.withdraw(owner, "' OR true --", NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
		expect(await db.execute(sql`SELECT FROM consent_grant WHERE withdrawn_at IS NOT NULL`)).toHaveLength(0);
	});
});
