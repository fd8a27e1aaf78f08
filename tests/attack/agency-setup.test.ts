// The set-up link: a bearer of the right to own the installation, so it works once and only while nothing is set up.
import { createHash } from 'node:crypto';

import { hash, verify } from '@node-rs/argon2';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '#server/db/types.ts';
import {
	createFirstAdmin,
	firstAdminInput,
	readSetupLink
} from '#server/usecases/agency/create-first-admin.ts';
import { testIds } from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';

let db: Db;

const link = async (token: string): Promise<void> => {
	await db.execute(
		sql`INSERT INTO setup_link (token_hash) VALUES (${createHash('sha256').update(token).digest()})`
	);
};
const form = (token: string, email = 'Ann@Agency.test') =>
	firstAdminInput.parse({ token, agencyName: 'Agency', name: 'Ann', email, password: 'a long password' });
const create = (token: string, email?: string) =>
	createFirstAdmin({ db, ids: testIds, hashPassword: (password) => hash(password) })(form(token, email));
const count = async (table: string): Promise<number> => {
	const [row] = await db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM ${sql.raw(table)}`);
	return row!.n;
};

beforeEach(async () => {
	({ db } = await createTestDatabase());
	await link('first');
});

describe('the first Super Admin', () => {
	it('is made with the built-in roles and can be verified by password', async () => {
		await create('first');
		const [row] = await db.execute<{
			key: string;
			email: string;
			password: string;
			permissions: string[];
		}>(sql`
			SELECT r.key, s.email, a.password, r.permissions FROM staff s JOIN role r ON r.id = s.role_id
			JOIN staff_account a ON a.user_id = s.id AND a.provider_id = 'credential'`);
		expect(row).toMatchObject({ key: 'super_admin', email: 'ann@agency.test' });
		expect(row!.permissions).toContain('supervise');
		expect(await verify(row!.password, 'a long password')).toBe(true);
		expect(await count('role')).toBe(4);
		expect(await count('chain_head')).toBe(1);
	});

	it('is not made twice by one link, nor by two people at once', async () => {
		const results = await Promise.allSettled([
			create('first', 'a@agency.test'),
			create('first', 'b@agency.test')
		]);
		expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
		await expect(create('first', 'c@agency.test')).rejects.toMatchObject({ code: 'not_found' });
		expect(await count('agency')).toBe(1);
		expect(await readSetupLink({ db })('first')).toBe(false);
	});

	it('is not made twice by two links raced', async () => {
		await link('second');
		const results = await Promise.allSettled([
			create('first', 'a@agency.test'),
			create('second', 'b@agency.test')
		]);
		expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
		expect(await count('agency')).toBe(1);
	});

	it('is not made by a guessed link, and nothing stays behind', async () => {
		await expect(create('guess')).rejects.toMatchObject({ code: 'not_found' });
		expect(await count('agency')).toBe(0);
		expect(await readSetupLink({ db })('first')).toBe(true);
	});

	it('needs a password of twelve characters', () => {
		const short = firstAdminInput.safeParse({ ...form('first'), password: 'elevenchars' });
		expect(short.error?.issues[0]?.message).toContain('at least 12 characters');
	});
});
