// The numbers that triggers keep are those that the rows add up to, whatever was done to the rows.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { foldTallies, readTally } from '#server/db/tallies.ts';
import { readAgencyMonths, readAgencySums } from '#server/usecases/billing/read-agency-sums.ts';
import { readMonths, readSums } from '#server/usecases/billing/read-sums.ts';
import { readAgencyCosts, readCosts } from '#server/usecases/subscriptions/list-subscriptions.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededAgency, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let both: TwoAgencies;

beforeAll(async () => {
	database = await createTestDatabase();
	both = await seedTwoAgencies(database.db);
});

/** Numbers from 0 to 1, the same in every run. */
function dice(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
		return state / 2 ** 32;
	};
}

async function makeInvoice({ agencyId, clients }: SeededAgency, roll: () => number): Promise<void> {
	const total = Math.floor(roll() * 90_000) + 1;
	const days = Math.floor(roll() * 400);
	await database.db.execute(sql`
		INSERT INTO invoice (id, agency_id, client_id, number, status, issued_on, due_on, currency, subtotal_minor, tax_minor, total_minor)
		VALUES (${randomUUID()}, ${agencyId}, ${clients.assigned.clientId}, ${randomUUID()}, 'open', current_date - ${days}::int,
			current_date - ${days}::int + 14, ${roll() < 0.8 ? 'EUR' : 'CHF'}, ${total}, 0, ${total})`);
}

async function makeSubscription({ agencyId, clients }: SeededAgency, roll: () => number): Promise<void> {
	await database.db.execute(sql`
		INSERT INTO subscription (id, agency_id, client_id, name, price_minor, currency, billing, anchor_on, next_renewal_on)
		VALUES (${randomUUID()}, ${agencyId}, ${clients.assigned.clientId}, 'Care', ${Math.floor(roll() * 9_000)},
			${roll() < 0.8 ? 'EUR' : 'CHF'}, ${roll() < 0.7 ? 'month' : 'year'}, current_date, current_date + 30)`);
}

/** One change of those that the product makes, to rows chosen by the dice. */
async function change(agency: SeededAgency, roll: () => number): Promise<void> {
	const { db } = database;
	const own = sql`agency_id = ${agency.agencyId}`;
	const one = (table: string) => sql`id = (SELECT id FROM ${sql.raw(table)} WHERE ${own}
		ORDER BY md5(id::text || ${String(roll())}) LIMIT 1)`;
	const changes: (() => Promise<unknown>)[] = [
		() => makeInvoice(agency, roll),
		() => db.execute(sql`UPDATE invoice SET status = 'void' WHERE ${one('invoice')}`),
		() =>
			db.execute(sql`UPDATE invoice SET status = 'paid', paid_minor = total_minor WHERE ${one('invoice')}`),
		() =>
			db.execute(
				sql`UPDATE invoice SET paid_minor = total_minor / 2 WHERE ${one('invoice')} AND status = 'open'`
			),
		() => db.execute(sql`UPDATE invoice SET due_on = due_on + 20, note = 'moved' WHERE ${one('invoice')}`),
		() =>
			db.execute(sql`INSERT INTO payment (id, agency_id, client_id, invoice_id, amount_minor, currency, method, paid_on)
				SELECT gen_random_uuid(), agency_id, client_id, id, 500, currency, 'cash', current_date - ${Math.floor(roll() * 60)}::int
				FROM invoice WHERE ${one('invoice')}`),
		() => db.execute(sql`DELETE FROM payment WHERE ${one('payment')}`),
		() =>
			db.execute(
				sql`UPDATE task SET status = CASE status WHEN 'open' THEN 'done' ELSE 'open' END WHERE ${one('task')}`
			),
		() =>
			db.execute(
				sql`UPDATE task SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END WHERE ${one('task')}`
			),
		() =>
			db.execute(sql`INSERT INTO task (id, agency_id, client_id, title, made_by_contact_id)
				VALUES (${randomUUID()}, ${agency.agencyId}, ${agency.clients.optedOut.clientId}, 'Counted', ${agency.clients.optedOut.owner})`),
		() => makeSubscription(agency, roll),
		() =>
			db.execute(
				sql`UPDATE subscription SET status = CASE status WHEN 'active' THEN 'paused' ELSE 'active' END WHERE ${one('subscription')}`
			),
		() =>
			db.execute(sql`UPDATE subscription SET price_minor = price_minor + 10 WHERE ${one('subscription')}`),
		() => db.execute(sql`DELETE FROM subscription WHERE ${one('subscription')}`),
		() => db.execute(sql`UPDATE client SET name = name || ' & sons' WHERE ${one('client')}`)
	];
	await changes[Math.floor(roll() * changes.length)]?.();
}

const ranked = async (query: ReturnType<typeof sql>) => [...(await database.db.execute(query))];

async function expectTrue({ agencyId }: SeededAgency): Promise<void> {
	const { db } = database;
	const own = (alias: string) => sql`${sql.raw(alias)}.agency_id = ${agencyId}`;
	const plain = await readSums(db, { own: own('i'), ownPayments: own('p'), since: sql`current_date - 30` });
	expect(await readAgencySums(db, agencyId)).toEqual(plain);
	expect(await readAgencyMonths(db, agencyId)).toEqual(await readMonths(db, own('i')));
	const counted = async (query: ReturnType<typeof sql>) => {
		const rows = await db.execute<{ part: string; n: number }>(query);
		return Object.fromEntries(rows.map(({ part, n }) => [part, n]));
	};
	const kept = async (what: Parameters<typeof readTally>[2]) =>
		Object.fromEntries([...(await readTally(db, agencyId, what))].filter(([, n]) => n !== 0));
	expect(await kept('invoice.status')).toEqual(
		await counted(
			sql`SELECT status AS part, count(*)::int AS n FROM invoice i WHERE ${own('i')} GROUP BY status`
		)
	);
	expect([...(await readAgencyCosts(db, agencyId))]).toEqual([...(await readCosts(db, own('s')))]);
	expect(await kept('subscription.status')).toEqual(
		await counted(
			sql`SELECT status AS part, count(*)::int AS n FROM subscription s WHERE ${own('s')} GROUP BY status`
		)
	);
	expect(
		await ranked(sql`SELECT r.client_id AS id, r.name_key AS name, r.last_at AS at, (r.open_tasks + coalesce(
			(SELECT sum(n) FROM tally WHERE ${own('tally')} AND what = 'task.open' AND part = r.client_id::text), 0))::int AS n
		FROM client_rank r WHERE ${own('r')} ORDER BY r.client_id`)
	).toEqual(
		await ranked(sql`SELECT c.id, lower(c.name) AS name, (SELECT max(started_at) FROM impersonation i WHERE i.client_id = c.id) AS at,
			(SELECT count(*)::int FROM task t WHERE t.client_id = c.id AND t.status = 'open' AND t.deleted_at IS NULL) AS n
			FROM client c WHERE ${own('c')} ORDER BY c.id`)
	);
	expect(await kept('order.status')).toEqual(
		await counted(
			sql`SELECT status AS part, count(*)::int AS n FROM client_order o WHERE ${own('o')} GROUP BY status`
		)
	);
}

describe('kept numbers', () => {
	it.each([3, 77])('are what the rows add up to after any changes, folded or not (seed %i)', async (seed) => {
		const roll = dice(seed);
		for (let n = 0; n < 60; n += 1) await change(n % 3 ? both.north : both.south, roll);
		await expectTrue(both.north);
		await expectTrue(both.south);
		await Promise.all([foldTallies(database.db), foldTallies(database.db), change(both.north, roll)]);
		await foldTallies(database.db);
		await expectTrue(both.north);
		await expectTrue(both.south);
		const twice = await database.sql`
			SELECT what, part, day FROM tally GROUP BY agency_id, what, part, day HAVING count(*) > 1`;
		expect(twice).toEqual([]);
	});

	it('are the same when they are made anew from all rows', async () => {
		await database.owner`SELECT tally_all()`;
		await expectTrue(both.north);
		await expectTrue(both.south);
	});

	it('count what is made meanwhile once, also when a fold comes beside it', async () => {
		const { db, owner } = database;
		const { agencyId, clients } = both.north;
		const { clientId, owner: contactId } = clients.optedOut;
		// Counting stops at a row that somebody holds, with the moment it counts as of already chosen.
		const holder = await owner.reserve();
		await holder.unsafe('BEGIN');
		await holder`SELECT FROM tally ORDER BY id LIMIT 1 FOR UPDATE`;
		const anew = owner`SELECT tally_all()`.execute();
		const waits = async () => {
			const [row] = await holder`SELECT EXISTS (SELECT FROM pg_locks l
				WHERE NOT l.granted AND pg_backend_pid() = ANY (pg_blocking_pids(l.pid))) AS waits`;
			return row?.waits;
		};
		await expect.poll(waits).toBe(true);
		await db.execute(sql`INSERT INTO task (id, agency_id, client_id, title, made_by_contact_id)
			VALUES (${randomUUID()}, ${agencyId}, ${clientId}, 'Made meanwhile', ${contactId})`);
		await makeInvoice(both.north, dice(9));
		const fold = foldTallies(db);
		await holder.unsafe('COMMIT');
		holder.release();
		await Promise.all([anew, fold]);
		await expectTrue(both.north);
		await foldTallies(db);
		await expectTrue(both.north);
	});

	it('do not make two changes of one agency wait for each other', async () => {
		const { db } = database;
		const { agencyId } = both.north;
		await db.transaction(async (tx) => {
			await tx.execute(sql`UPDATE task SET status = 'done' WHERE agency_id = ${agencyId}`);
			await makeInvoice(both.north, dice(5));
		});
		await expectTrue(both.north);
	});
});
