// The gate under many writers, and what it promises when it answers: one chain in the order of its numbers, all or
// nothing, and on disk.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { createAct, type Act } from '#server/db/act.ts';
import { drainOutbox, type OutboxItem } from '#server/db/outbox.ts';
import { JOBS } from '#server/jobs/catalogue.ts';
import { verifyChain } from '#server/usecases/log/verify-chain.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededAgency, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let agencies: TwoAgencies;
let act: Act;
let drains = 0;

beforeAll(async () => {
	database = await createTestDatabase();
	agencies = await seedTwoAgencies(database.db);
	const drain = () => void (drains += 1);
	act = createAct({ db: database.db, publish: () => Promise.resolve(), drain });
});
afterAll(() => database.drop());

const owner = ({ agencyId, clients }: SeededAgency): ClientActor => ({
	kind: 'client',
	agencyId,
	clientId: clients.assigned.clientId,
	contactId: clients.assigned.owner
});

type Extra = { outbox?: OutboxItem[]; fails?: Error };

const write = (actor: ClientActor, title: string, { outbox = [], fails }: Extra = {}) =>
	act(actor, { action: 'task.created' }, async (tx) => {
		await tx.execute(sql`INSERT INTO task (id, agency_id, client_id, title)
			VALUES (${randomUUID()}, ${actor.agencyId}, ${actor.clientId}, ${title})`);
		if (fails) throw fails;
		return { value: title, outbox, details: { title, odd: 'quote " slash \\ \u2028 ü \u0001' } };
	});

const count = async (from: ReturnType<typeof sql>): Promise<number> => {
	const [row] = await database.db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM ${from}`);
	return row?.n ?? 0;
};
const chainOf = ({ agencyId }: SeededAgency) => verifyChain({ db: database.db, agencyId, trusted: null });

describe('the act gate', () => {
	it('gives each agency its head from its first moment, and an empty chain is whole', async () => {
		expect(await chainOf(agencies.north)).toEqual({ whole: true, to: '0', rows: 0 });
		expect(await count(sql`chain_head`)).toBe(2);
	});

	it('links the rows of many writers at once, done and refused, in the order of their numbers', async () => {
		const { north, south } = agencies;
		const stranger: StaffActor = {
			kind: 'staff',
			agencyId: north.agencyId,
			staffId: north.staff.admin,
			sessionId: randomUUID()
		};
		const lane = async (n: number): Promise<void> => {
			for (let turn = 0; turn < 12; turn += 1) {
				await write(owner(n % 4 === 0 ? south : north), `many ${n}.${turn}`);
				const gone = write(owner(north), 'gone', { fails: new AppError('invalid', 'Left empty.') });
				await expect(gone).rejects.toThrow('Left empty.');
				const refused = act(stranger, { action: 'client.archived' }, () => Promise.resolve({ value: null }));
				await expect(refused).rejects.toMatchObject({ code: 'not_allowed' });
			}
		};
		await Promise.all(Array.from({ length: 16 }, (_, n) => lane(n)));
		expect(await chainOf(north)).toMatchObject({ whole: true, rows: 12 * 12 + 16 * 12 });
		expect(await chainOf(south)).toMatchObject({ whole: true, rows: 4 * 12 });
		expect(await count(sql`task WHERE title LIKE 'many %'`)).toBe(16 * 12);
		expect(await count(sql`task WHERE title = 'gone'`)).toBe(0);
	}, 60_000);

	it('keeps the moments in the order of the numbers', async () => {
		expect(
			await count(sql`(SELECT a.at < lag(a.at) OVER (PARTITION BY agency_id ORDER BY seq) AS back FROM action a) x
				WHERE back`)
		).toBe(0);
	});

	it('makes no change that it cannot link', async () => {
		const { south } = agencies;
		const [head] =
			await database.owner`DELETE FROM chain_head WHERE agency_id = ${south.agencyId} RETURNING *`;
		await expect(write(owner(south), 'unlinked')).rejects.toThrow(/previous_hash/);
		await database.owner`INSERT INTO chain_head ${database.owner(head ?? {})}`;
		expect(await count(sql`task WHERE title = 'unlinked'`)).toBe(0);
		await write(owner(south), 'linked again');
		expect(await chainOf(south)).toMatchObject({ whole: true, rows: 4 * 12 + 1 });
	});

	it('makes no change whose consequences it cannot keep', async () => {
		const odd = [{ kind: 'neither' }] as unknown as OutboxItem[];
		await expect(write(owner(agencies.north), 'no consequence', { outbox: odd })).rejects.toThrow(/outbox/);
		expect(await count(sql`task WHERE title = 'no consequence'`)).toBe(0);
		expect(await chainOf(agencies.north)).toMatchObject({ whole: true });
	});

	it('keeps consequences in their order, and then one job that is told the rows’ numbers', async () => {
		const { db } = database;
		await db.execute(sql`DELETE FROM outbox`);
		const { north } = agencies;
		const sign: OutboxItem = { kind: 'job', job: { name: 'head.sign', data: { agencyId: north.agencyId } } };
		const before = drains;
		await write(owner(north), 'with consequences', { outbox: [sign, { ...sign }] });
		await write(owner(north), 'right behind');
		expect(drains).toBe(before + 2);
		const told: unknown[] = [];
		const addJobs = (jobs: unknown[]) => Promise.resolve(void told.push(...jobs));
		expect(await drainOutbox(db, { publish: () => Promise.resolve(), addJobs })).toBe(4);
		const rows = await db.execute<{ seq: string }>(
			sql`SELECT seq::text AS seq FROM action ORDER BY action.seq DESC LIMIT 2`
		);
		const spread = { name: 'notices.spread', data: { seqs: rows.map(({ seq }) => seq).toReversed() } };
		expect(told).toEqual([sign.job, sign.job, spread]);
		expect(await count(sql`outbox`)).toBe(0);
	});

	it('tells of what an earlier release left waiting, which named one row in each job', async () => {
		const { db } = database;
		await db.execute(sql`DELETE FROM outbox`);
		for (const data of [{ seq: '7' }, { seqs: ['8', '9'] }]) {
			const item = JSON.stringify({ kind: 'job', job: { name: 'notices.spread', data } });
			await db.execute(sql`INSERT INTO outbox (kind, payload) VALUES ('job', ${item}::text::jsonb)`);
		}
		const told: unknown[] = [];
		const addJobs = (jobs: unknown[]) => Promise.resolve(void told.push(...jobs));
		await drainOutbox(db, { publish: () => Promise.resolve(), addJobs });
		expect(told).toEqual([{ name: 'notices.spread', data: { seqs: ['7', '8', '9'] } }]);
		// And what waits as a job already is read the same way by the worker.
		expect(JOBS['notices.spread'].data.parse({ seq: '7' })).toEqual({ seqs: ['7'] });
	});
});

describe('an acknowledged change', () => {
	it('is on disk, though its commit did not wait for the disk itself', async () => {
		// The tests' servers wait for no disk at all; this database does, from its next connections on.
		const [{ name } = { name: '' }] = await database.owner<
			{ name: string }[]
		>`SELECT current_database() AS name`;
		await database.owner.unsafe(`ALTER DATABASE ${name} SET synchronous_commit = on`);
		const { owner: admin } = database;
		await admin`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${name} AND usename <> 'postgres'`;
		await delay(200); // until the pool has seen that its connections are gone
		const roundBehind = async (): Promise<number> => {
			let behind = 0;
			for (let n = 0; n < 30; n += 1) {
				await write(owner(agencies.north), `kept ${n}`);
				const [wal] = await admin<{ unflushed: number }[]>`
					SELECT (pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn())::int AS unflushed`;
				if ((wal?.unflushed ?? 1) > 0) behind += 1;
			}
			return behind;
		};
		// The server and the tests beside this one write, too, so that some are behind through no fault of theirs; without the wait
		// every one of them is, in each round.
		await expect.poll(roundBehind, { timeout: 60_000 }).toBeLessThan(4);
	});
});
