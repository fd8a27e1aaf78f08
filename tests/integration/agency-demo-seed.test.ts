import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { hash, verify } from '@node-rs/argon2';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { RandomIds } from '#server/adapters/inprocess/random-ids.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, seedDemo } from '#server/demo/seed-demo.ts';
import type { Db } from '#server/db/types.ts';
import { createTestDatabase } from '#support/test-database.ts';

const NOW = Date.UTC(2026, 10, 23, 9, 30);
const clock = { now: () => NOW };
let db: Db;
let folder: string;
let blobs: FileBlobs;

const seed = (into: Db) =>
	seedDemo({
		db: into,
		blobs,
		ids: new RandomIds(clock),
		clock: { now: () => NOW },
		hashPassword: (text) => hash(text)
	});
const rows = <T extends Record<string, unknown>>(query: ReturnType<typeof sql>) => db.execute<T>(query);
const count = async (query: ReturnType<typeof sql>) => Number((await rows<{ n: string }>(query))[0]!.n);

beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-seed-'));
	blobs = await FileBlobs.open(path.join(folder, 'blobs'));
	({ db } = await createTestDatabase());
	await seed(db);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the demo seed', () => {
	it('is done only once', async () => {
		await seed(db);
		expect(await count(sql`SELECT count(*) AS n FROM agency`)).toBe(1);
	});

	it('makes at least 60 clients, each with an owner and different names', async () => {
		expect(await count(sql`SELECT count(DISTINCT name) AS n FROM client`)).toBeGreaterThanOrEqual(60);
		expect(
			await count(sql`SELECT count(*) AS n FROM client c WHERE NOT EXISTS
				(SELECT FROM contact k WHERE k.client_id = c.id AND k.is_owner)`)
		).toBe(0);
	});

	it('lets every printed account sign in with the printed password', async () => {
		for (const { side, email } of DEMO_ACCOUNTS) {
			const people =
				side === 'agency' ? sql`staff p JOIN staff_account` : sql`contact p JOIN contact_account`;
			const [row] = await rows<{ id: string; account_id: string; password: string }>(sql`
				SELECT p.id, a.account_id, a.password FROM ${people} a ON a.user_id = p.id
				WHERE p.email = ${email} AND a.provider_id = 'credential'`);
			expect(row?.account_id, email).toBe(row?.id);
			expect(await verify(row!.password, DEMO_PASSWORD), email).toBe(true);
		}
	});

	it('assigns Bluebird and Cedar to Maya, and never Delta', async () => {
		const assigned = await rows<{ name: string }>(sql`SELECT c.name FROM client c
			JOIN client_assignment x ON x.client_id = c.id JOIN staff s ON s.id = x.staff_id
			WHERE s.email = 'maya@northwind.test'`);
		const names = assigned.map((row) => row.name);
		expect(names).toEqual(expect.arrayContaining(['Bluebird Bakery', 'Cedar Clinic']));
		expect(names).not.toContain('Delta Dental');
	});

	it('sets up the four named clients as promised', async () => {
		const found = await rows<{ name: string; status: string; opted_out: boolean; portal_setup: unknown }>(
			sql`SELECT name, status, opted_out, portal_setup FROM client WHERE name ~ '^(Cedar|Delta|Echo)' ORDER BY name`
		);
		expect(found[0]?.portal_setup).toEqual({
			invoices: { hidden: true },
			subscriptions: { hidden: true },
			tasks: { label: 'Requests' }
		});
		expect(found[1]).toMatchObject({ name: 'Delta Dental', opted_out: true, status: 'active' });
		expect(found[2]).toMatchObject({ name: 'Echo Events', status: 'inactive' });
		const [ben] = await rows<{ rights: string[] }>(
			sql`SELECT rights FROM contact WHERE email = 'ben@bluebird.test'`
		);
		expect(ben?.rights).toEqual(['tasks', 'files']);
	});

	it('gives Bluebird at least 200 tasks, files and invoices', async () => {
		const n = await count(sql`SELECT (SELECT count(*) FROM task t WHERE t.client_id = c.id)
			+ (SELECT count(*) FROM file f WHERE f.client_id = c.id)
			+ (SELECT count(*) FROM invoice i WHERE i.client_id = c.id) AS n FROM client c WHERE c.name = 'Bluebird Bakery'`);
		expect(n).toBeGreaterThanOrEqual(200);
	});

	it('sums every invoice to the cent', async () => {
		expect(
			await count(sql`SELECT count(*) AS n FROM invoice_line WHERE amount_minor <> quantity * unit_minor`)
		).toBe(0);
		expect(
			await count(sql`SELECT count(*) AS n FROM invoice i WHERE subtotal_minor <>
					(SELECT sum(amount_minor) FROM invoice_line l WHERE l.invoice_id = i.id)
				OR tax_minor <> round(subtotal_minor * tax_rate_bp / 10000.0) OR total_minor <> subtotal_minor + tax_minor`)
		).toBe(0);
	});

	it('keeps books that close: numbers without holes, payments that add up, and the next number free', async () => {
		const numbers = await rows<{ n: number }>(
			sql`SELECT substring(number from 5)::int AS n FROM invoice WHERE number IS NOT NULL ORDER BY 1`
		);
		expect(numbers.map((row) => row.n)).toEqual(numbers.map((_, index) => index + 1));
		expect(await count(sql`SELECT value AS n FROM counter WHERE name = 'INV'`)).toBe(numbers.length);
		expect(
			await count(sql`SELECT count(*) AS n FROM invoice i WHERE paid_minor <>
				COALESCE((SELECT sum(amount_minor) FROM payment p WHERE p.invoice_id = i.id), 0)
				OR (status = 'paid') <> (paid_minor = total_minor)`)
		).toBe(0);
	});

	it('subscribes every active client to something, Bluebird to one in each state', async () => {
		expect(
			await count(sql`SELECT count(*) AS n FROM client c WHERE c.status = 'active'
				AND NOT EXISTS (SELECT FROM subscription s WHERE s.client_id = c.id)`)
		).toBe(0);
		const states = await rows<{ status: string }>(sql`SELECT DISTINCT s.status FROM subscription s
			JOIN client c ON c.id = s.client_id WHERE c.name = 'Bluebird Bakery' ORDER BY 1`);
		expect(states.map((row) => row.status)).toEqual(['active', 'cancelled', 'ending', 'paused']);
		// Nothing is due at the moment of seeding: the job has nothing to catch up with.
		const today = new Date(NOW).toISOString();
		expect(
			await count(sql`SELECT count(*) AS n FROM subscription WHERE status IN ('active', 'ending')
				AND next_renewal_on <= ${today}::date`)
		).toBe(0);
		const kinds = await rows<{
			kind: string;
		}>(sql`SELECT DISTINCT CASE WHEN i.claimed_at IS NOT NULL THEN 'claimed'
			ELSE i.status END AS kind FROM invoice i JOIN client c ON c.id = i.client_id
			WHERE c.name = 'Bluebird Bakery' ORDER BY 1`);
		expect(kinds.map((row) => row.kind)).toEqual(['claimed', 'draft', 'open', 'paid', 'void']);
	});

	it('dates nothing in the future and keeps every task done after it began', async () => {
		const today = new Date(NOW).toISOString();
		expect(
			await count(sql`SELECT count(*) AS n FROM task WHERE created_at > ${today}::timestamptz
				OR completed_at < created_at OR (status = 'done') <> (completed_at IS NOT NULL)`)
		).toBe(0);
		expect(
			await count(sql`SELECT count(*) AS n FROM invoice WHERE issued_on > ${today}::date OR paid_on > ${today}::date
			OR (status = 'paid') <> (paid_on IS NOT NULL)`)
		).toBe(0);
	});

	it('keeps each file as real bytes of its kind', async () => {
		const files = await rows<{ name: string; blob_key: string; bytes: string; media_type: string }>(
			sql`SELECT DISTINCT ON (media_type) name, blob_key, bytes, media_type FROM file`
		);
		const magic: Record<string, string> = {
			'image/png': '\u0089PNG',
			'application/pdf': '%PDF',
			'text/plain': ''
		};
		expect(files).toHaveLength(3);
		for (const row of files) {
			const stream = await blobs.open(row.blob_key);
			const content = await buffer(stream!);
			expect(content.length).toBe(Number(row.bytes));
			expect(content.toString('latin1').startsWith(magic[row.media_type]!), row.name).toBe(true);
		}
	});

	it('makes the same demo each time', async () => {
		const other = await createTestDatabase();
		await seed(other.db);
		const digest = sql`SELECT md5(string_agg(title || description || status || created_at, '|' ORDER BY created_at, title)) AS d FROM task`;
		const [first] = await rows<{ d: string }>(digest);
		const [second] = await other.db.execute<{ d: string }>(digest);
		expect(second?.d).toBe(first?.d);
		await other.drop();
	});
});
