// One installation, one master key: whatever folders its machines were given, none ever locks a recording under a key of its own.
import { createHash, randomBytes } from 'node:crypto';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '#domain/errors.ts';
import { agencyKey, newKey, wrapKey } from '#server/recordings/recording-keys.ts';
import { opensStored } from '#server/recordings/stored-keys.ts';
import { openSigningKey, requireSigningKey } from '#server/sign-in/keys.ts';
import { openMasterKey, requireMasterKey } from '#server/sign-in/master-key.ts';
import { impersonate, type Impersonated } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies } from '#support/two-agencies.ts';

const FILE = 'recording-master.key';

let database: TestDatabase;
let inside: Impersonated;
let folder = '';

const at = (name: string) => path.join(folder, name);
const openIn = (name: string) => openMasterKey({ db: database.db, keysDir: at(name), opensStored });
const filesIn = (name: string) => (existsSync(at(name)) ? readdirSync(at(name)) : []);
const refused = (name: string, what: string) =>
	expect.objectContaining({
		code: 'conflict',
		message: expect.stringMatching(
			new RegExp(`^KEYS_DIR \\(${at(name)}\\) ${what}[^\\n]+KEYS_DIR of the process`)
		) as string
	}) as AppError;
const noted = async () => {
	const [row] = await database.owner<{ fingerprint: Buffer }[]>`SELECT fingerprint FROM master_key`;
	return row?.fingerprint.toString('hex');
};
const sum = (key: Uint8Array) => createHash('sha256').update(key).digest('hex');

/** A recording's key as it is stored, wrapped under a master key. */
async function lockWith(master: Uint8Array): Promise<void> {
	const { agencyId } = inside.actor;
	const wrapped = wrapKey(agencyKey(master, agencyId, 'recording'), newKey(), inside.impersonationId);
	await database.db.execute(sql`INSERT INTO recording_key (impersonation_id, agency_id, wrapped)
		VALUES (${inside.impersonationId}, ${agencyId}, ${wrapped}::bytea)`);
}

beforeAll(async () => {
	database = await createTestDatabase();
	const { north } = await seedTwoAgencies(database.db);
	const { clientId, owner } = north.clients.assigned;
	const who = { agencyId: north.agencyId, staffId: north.staff.manager, clientId, contactId: owner };
	inside = await impersonate(database.db, who);
});
afterAll(() => database.drop());
beforeEach(async () => {
	await database.owner`TRUNCATE master_key, recording_key`;
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-keys-'));
	return () => rmSync(folder, { recursive: true, force: true });
});

describe('the machines of one installation', () => {
	it('start with the key of the first one, and with no other', async () => {
		const key = await openIn('first');
		expect(await noted()).toBe(sum(key));
		await expect(openIn('second')).rejects.toEqual(refused('second', 'has no'));
		expect(filesIn('second')).toEqual([]);
		mkdirSync(at('third'));
		writeFileSync(path.join(at('third'), FILE), randomBytes(32).toString('base64'));
		await expect(openIn('third')).rejects.toEqual(refused('third', 'holds another'));
		cpSync(at('first'), at('copied'), { recursive: true });
		chmodSync(path.join(at('copied'), FILE), 0o400);
		chmodSync(at('copied'), 0o500);
		expect(await openIn('copied')).toEqual(key);
		expect(await openIn('first')).toEqual(key);
	});

	it('make one key when all start at once, in one folder and in several', async () => {
		const same = await Promise.all(Array.from({ length: 6 }, () => openIn('shared')));
		expect(new Set(same.map(sum)).size).toBe(1);
		expect(filesIn('shared')).toEqual([FILE]);
		await database.owner`TRUNCATE master_key`;
		const apart = await Promise.allSettled(['a', 'b', 'c', 'd'].map(openIn));
		expect(apart.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		expect(['a', 'b', 'c', 'd'].flatMap(filesIn)).toEqual([FILE]);
	});

	it('never read half of a key that another process is just writing', async () => {
		const keys = await Promise.all(Array.from({ length: 12 }, () => openSigningKey(at('signing'))));
		expect(new Set(keys.map(({ publicPem }) => publicPem)).size).toBe(1);
		expect(filesIn('signing')).toEqual(['signing-key.pem']);
	});
});

describe('a database that has locked recordings', () => {
	it('gets no new key when it was restored without its own, noted or not', async () => {
		const key = await openIn('first');
		await lockWith(key);
		rmSync(path.join(at('first'), FILE));
		await expect(openIn('first')).rejects.toEqual(refused('first', 'has no'));
		await database.owner`TRUNCATE master_key`;
		await expect(openIn('first')).rejects.toEqual(refused('first', 'has no'));
		expect(filesIn('first')).toEqual([]);
		expect(await noted()).toBeUndefined();
	});

	it('notes only a key that opens them', async () => {
		const key = await openIn('first');
		await lockWith(key);
		await database.owner`TRUNCATE master_key`;
		mkdirSync(at('other'));
		writeFileSync(path.join(at('other'), FILE), randomBytes(32).toString('base64'));
		await expect(openIn('other')).rejects.toEqual(refused('other', 'holds another'));
		expect(await noted()).toBeUndefined();
		expect(await openIn('first')).toEqual(key);
	});

	it('cannot have its note changed by the application', async () => {
		await openIn('first');
		await expect(database.sql`DELETE FROM master_key`).rejects.toThrow('permission denied');
		await expect(database.sql`UPDATE master_key SET noted_at = now()`).rejects.toThrow('permission denied');
	});
});

it('is not made by a command that was given a wrong folder, nor is the key that signs', async () => {
	const asked = { db: database.db, keysDir: at('wrong') };
	await expect(requireMasterKey(asked)).rejects.toEqual(refused('wrong', 'has no'));
	const key = await openIn('first');
	await expect(requireMasterKey(asked)).rejects.toEqual(refused('wrong', 'has no'));
	await expect(requireSigningKey(asked.keysDir)).rejects.toMatchObject({ code: 'not_found' });
	expect(filesIn('wrong')).toEqual([]);
	expect(await requireMasterKey({ ...asked, keysDir: at('first') })).toEqual(key);
});

it('is told to be damaged when a full disk cut it short', async () => {
	await openIn('first');
	writeFileSync(path.join(at('first'), FILE), 'c2hvcnQ=');
	await expect(openIn('first')).rejects.toThrow('damaged');
});
