// What a page is told to mask comes from the agency's rule of that moment, and a page of a milder rule is not recorded.
import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { MaskingProfile } from '#domain/masking.ts';
import { MASKING_VERSION } from '#protocol/masking.ts';
import { PersonalKeys } from '#server/recordings/personal-keys.ts';
import { IMPERSONATION_COOKIE, readImpersonationToken } from '#server/sign-in/impersonation-cookie.ts';
import { openPage } from '#server/usecases/impersonation/open-page.ts';
import { pageMasking } from '#server/usecases/impersonation/page-masking.ts';
import { resolveRecorder } from '#server/usecases/live/resolve-recorder.ts';
import { impersonate, testIds, testTickets, type Impersonated } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

const master = randomBytes(32);
let database: TestDatabase;
let agencies: TwoAgencies;
let inside: Impersonated;

beforeAll(async () => {
	database = await createTestDatabase();
	agencies = await seedTwoAgencies(database.db);
	const { agencyId, staff, clients } = agencies.north;
	const { clientId, owner } = clients.assigned;
	inside = await impersonate(database.db, { agencyId, staffId: staff.manager, clientId, contactId: owner });
});
beforeEach(() => setRule('personal'));
afterAll(() => database.drop());

const setRule = (masking: MaskingProfile, { agencyId } = agencies.north) =>
	database.db.execute(
		sql`UPDATE agency SET policy = policy || jsonb_build_object('masking', ${masking}::text) WHERE id = ${agencyId}`
	);
const personalKeys = () => new PersonalKeys({ db: database.db, ids: testIds, master });
const open = () => {
	const { db } = database;
	const maskingOf = pageMasking({ db, personalKeys: personalKeys() });
	return openPage({ db, ids: testIds, tickets: testTickets, maskingOf })(inside.actor, '/');
};
const connect = (ticket: string) =>
	resolveRecorder({ db: database.db, readImpersonationToken, verifyPageTicket: testTickets.verify })({
		cookieHeader: `${IMPERSONATION_COOKIE}=${inside.token}`,
		ticket
	});

it('hands a page the rule of now and the client’s one key, and notes the rule beside the page', async () => {
	const first = await open();
	await setRule('text');
	await setRule('inputs', agencies.south);
	const second = await open();
	expect([first.masking.profile, second.masking.profile]).toEqual(['personal', 'text']);
	expect(first.masking.personal).not.toBeNull();
	expect(second.masking.personal).toEqual(first.masking.personal);
	const [row] = await database.db.execute(
		sql`SELECT masking, masking_version FROM page WHERE id = ${second.pageId}`
	);
	expect(row).toEqual({ masking: 'text', masking_version: MASKING_VERSION });
});

it('keeps the private half only wrapped: neither in the clear nor openable with another master key', async () => {
	const { masking } = await open();
	const client = { agencyId: agencies.north.agencyId, clientId: agencies.north.clients.assigned.clientId };
	const opened = (await personalKeys().open(client)).get(masking.personal!.id);
	const [row] = await database.db.execute<{ wrapped: Buffer }>(sql`SELECT wrapped FROM client_personal_key`);
	expect(Buffer.from(row!.wrapped).includes(opened!.privateKey)).toBe(false);
	const stolen = new PersonalKeys({ db: database.db, ids: testIds, master: randomBytes(32) });
	await expect(stolen.open(client)).rejects.toThrow('master key');
	const foreign = { ...client, agencyId: agencies.south.agencyId };
	expect((await personalKeys().open(foreign)).size).toBe(0);
});

it('refuses a page that was opened under a milder rule, until it has begun to be recorded', async () => {
	const { ticket, pageId } = await open();
	expect(await connect(ticket)).toMatchObject({ ok: true });
	await setRule('inputs');
	expect(await connect(ticket)).toEqual({ ok: false, refusal: 'client_too_old' });
	await database.db.execute(sql`UPDATE page SET snapshot_at = now() WHERE id = ${pageId}`);
	expect(await connect(ticket)).toMatchObject({ ok: true });
	const strict = await open();
	await setRule('personal');
	expect(await connect(strict.ticket)).toMatchObject({ ok: true });
});
