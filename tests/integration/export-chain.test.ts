// The log with its proof: a reader who has nothing but the file recomputes every hash and verifies the signed head.
import { createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { GENESIS, hashDetails, hashRow, type ChainRow } from '#server/db/chain.ts';
import { actionFilters } from '#server/usecases/agency/action-filter.ts';
import { exportChain } from '#server/usecases/agency/export-chain.ts';
import { headBytes, signHeads } from '#server/usecases/log/sign-heads.ts';
import { impersonationKit, NO_ORIGIN, signInStaff, testIds } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

type Line = ChainRow & { previous: string; hash: string; salt: string | null; details: string | null };
type First = {
	format: string;
	whole: boolean;
	upToRow: string;
	head: { seq: string; rows: string; hash: string; signature: string; publicKey: string };
};

let database: TestDatabase;
let both: TwoAgencies;
let admin: StaffActor;

async function read(address: Record<string, string>, actor = admin) {
	const { act } = impersonationKit(database.db);
	const stream = await exportChain({ act, db: database.db })(actor, actionFilters.parse(address), NO_ORIGIN);
	const lines = (await new Response(stream).text()).trim().split('\n');
	const [first, ...rest] = lines.map((line) => JSON.parse(line) as unknown);
	return { first: first as First, rows: rest.slice(0, -1) as Line[], last: rest.at(-1) };
}

const isProven = ({ previous, hash, salt, details, ...row }: Line): boolean =>
	hashRow(row, Buffer.from(previous, 'hex')).toString('hex') === hash &&
	(salt === null || hashDetails(Buffer.from(salt, 'hex'), details ?? '').toString('hex') === row.detailsHash);

beforeAll(async () => {
	database = await createTestDatabase();
	both = await seedTwoAgencies(database.db);
	const { act } = impersonationKit(database.db);
	for (const side of ['north', 'south', 'north', 'north'] as const) {
		const { agencyId, staff, clients, name } = both[side];
		const actor = await signInStaff(database.db, agencyId, staff.admin);
		const subject = { type: 'client', id: clients.assigned.clientId, label: `${name} “quoted” \\ ü` };
		const deed = { action: 'client.edited', clientId: clients.assigned.clientId, subject } as const;
		await act(actor, deed, () => Promise.resolve({ value: null, details: { at: 1.5, name: null } }));
	}
	admin = await signInStaff(database.db, both.north.agencyId, both.north.staff.admin);
	const pair = generateKeyPairSync('ed25519');
	const keyId = randomUUID();
	const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
	await database.db.execute(sql`INSERT INTO signing_key (id, public_key) VALUES (${keyId}, ${pem})`);
	await signHeads({ db: database.db, ids: testIds, signer: { keyId, privateKey: pair.privateKey } })(null);
});
afterAll(() => database.drop());

it('proves each row by itself, and unfiltered that none is left out, up to the signed head', async () => {
	const { first, rows, last } = await read({});
	expect(first).toMatchObject({ format: 'switchback.actions.1', whole: true });
	expect(rows).toHaveLength(3);
	expect(last).toEqual({ end: true, rows: 3 });
	expect(rows.every(isProven)).toBe(true);
	const links = rows.map(({ previous }) => previous);
	expect(links).toEqual([GENESIS.toString('hex'), ...rows.slice(0, -1).map(({ hash }) => hash)]);
	const { head } = first;
	expect(head.hash).toBe(rows.find(({ seq }) => seq === head.seq)?.hash);
	const signed = headBytes({ agencyId: admin.agencyId, ...head, hash: Buffer.from(head.hash, 'hex') });
	expect(verify(null, signed, createPublicKey(head.publicKey), Buffer.from(head.signature, 'base64'))).toBe(
		true
	);
	expect(isProven({ ...rows[1]!, outcome: 'refused' })).toBe(false);
});

it('says when it is filtered, keeps erased details out, and holds nothing of another agency', async () => {
	const client = both.north.clients.assigned.clientId;
	const { rows: before } = await read({ client });
	await database.db.execute(sql`DELETE FROM action_details WHERE seq = ${before[0]!.seq}`);
	const { first, rows } = await read({ client });
	expect(first.whole).toBe(false);
	expect(rows[0]).toMatchObject({ salt: null, details: null });
	expect(rows.every(isProven)).toBe(true);
	expect(JSON.stringify(rows)).not.toContain('South');
});

it('is refused and logged without the permission', async () => {
	const assignee = await signInStaff(database.db, both.north.agencyId, both.north.staff.assignee);
	await expect(read({}, assignee)).rejects.toMatchObject({ code: 'not_allowed' });
});
