// The demo's past: acted through the gate, once, and safe to be killed in the middle of.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgencyId } from '#domain/ids.ts';
import { prepareLivedInDemo, prepareDemo } from '#realtime/commands/demo.ts';
import { compose, type Composed } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { playHistory } from '#server/demo/history/play-history.ts';
import { DEMO_PASSWORD } from '#server/demo/seed-demo.ts';
import { createLogger } from '#server/logger.ts';
import { verifyChain } from '#server/usecases/log/verify-chain.ts';

let dataDir: string;
let composed: Composed;

const rows = <T extends Record<string, unknown>>(query: ReturnType<typeof sql>) =>
	composed.parts.db.execute<T>(query);
const count = async (query: ReturnType<typeof sql>) => Number((await rows<{ n: string }>(query))[0]!.n);
const actions = () => count(sql`SELECT count(*) AS n FROM action`);

/** As if the process had been killed there: inside a portal, before the first word. */
async function playUntilKilled(): Promise<void> {
	const { app, parts } = composed;
	const killed = new Error('killed');
	const impersonation = { ...app.impersonation, switchMode: () => Promise.reject(killed) };
	const dying = { ...app, impersonation };
	const playing = playHistory({ app: dying, db: parts.db, password: DEMO_PASSWORD });
	await expect(playing).rejects.toBe(killed);
}

beforeAll(async () => {
	dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-history-'));
	composed = await compose(readConfig({ DATA_DIR: dataDir }), createLogger('silent'));
	await prepareDemo(composed);
	await playUntilKilled();
	expect(await count(sql`SELECT count(*) AS n FROM impersonation WHERE state <> 'ended'`)).toBe(1);
	await prepareLivedInDemo(composed);
});

afterAll(async () => {
	await composed.app.close();
	await rm(dataDir, { recursive: true, force: true });
});

describe('the demo’s past', () => {
	it('is played once, and never again', async () => {
		const before = await actions();
		await prepareLivedInDemo(composed);
		expect(await actions()).toBe(before);
	});

	it('goes on where it was killed, does nothing twice and leaves nobody inside', async () => {
		expect(await count(sql`SELECT count(*) AS n FROM impersonation WHERE state <> 'ended'`)).toBe(0);
		const opened = await rows<{ n: number }>(sql`SELECT count(*)::int AS n FROM action a
			JOIN action_details d ON d.seq = a.seq WHERE a.action IN ('staff.signed_in', 'session.signed_in')
			GROUP BY d.details::jsonb ->> 'ip'`);
		expect(opened.map(({ n }) => n)).toEqual(Array.from({ length: 12 }, () => 1));
	});

	it('gives every list its rows', async () => {
		expect(await count(sql`SELECT count(*) AS n FROM impersonation WHERE started_at IS NOT NULL`)).toBe(8);
		expect(await count(sql`SELECT count(DISTINCT action) AS n FROM action`)).toBeGreaterThan(20);
		expect(await count(sql`SELECT count(*) AS n FROM file WHERE deleted_at IS NOT NULL`)).toBe(3);
		expect(await count(sql`SELECT count(*) AS n FROM action WHERE outcome = 'refused'`)).toBeGreaterThan(0);
		expect(await count(sql`SELECT count(*) AS n FROM client WHERE opted_out`)).toBe(1);
	});

	it('alerts overseers to what stood out in it', async () => {
		await composed.app.alerts.raise();
		const raised = await rows<{ rule: string; by: string; count: number }>(
			sql`SELECT a.rule, s.email AS by, a.count FROM alert a JOIN staff s ON s.id = a.staff_id`
		);
		expect(raised).toEqual([{ rule: 'refused', by: 'adam@northwind.test', count: 12 }]);
	});

	it('has one recording behind it that somebody else judged', async () => {
		const judged = await rows<{ ticket: string; verdict: string; by: string }>(sql`
			SELECT i.ticket, r.verdict, s.email AS by FROM review r JOIN impersonation i ON i.id = r.impersonation_id
			JOIN staff s ON s.id = r.reviewed_by AND s.id <> i.staff_id WHERE r.verdict IS NOT NULL`);
		expect(judged).toEqual([{ ticket: 'NW-1987', verdict: 'fine', by: 'sofia@northwind.test' }]);
	});

	it('shows no impersonation as recorded that was not', async () => {
		const recorded = sql`SELECT impersonation_id FROM page`;
		expect(await count(sql`SELECT count(DISTINCT impersonation_id) AS n FROM page`)).toBe(3);
		expect(
			await count(sql`SELECT count(*) AS n FROM action a WHERE a.actor_kind = 'impersonation'
				AND a.outcome = 'done' AND a.action NOT LIKE 'impersonation.%' AND a.impersonation_id NOT IN (${recorded})`)
		).toBe(0);
	});

	it('brings recordings along that are whole, of days past, with what was seen and done in them', async () => {
		const brought = await rows<{
			ticket: string;
			hours: number;
			pages: number;
			views: number;
			actions: number;
			sketches: number;
			astray: number;
		}>(sql`
			SELECT i.ticket, round(extract(epoch FROM clock_timestamp() - i.ended_at) / 3600)::int AS hours,
				(SELECT count(*)::int FROM page g WHERE g.impersonation_id = i.id AND g.sealed_seq >= 0 AND EXISTS (
					SELECT FROM block b WHERE b.page_id = g.id)) AS pages,
				(SELECT count(*)::int FROM view v WHERE v.impersonation_id = i.id) AS views,
				(SELECT count(*)::int FROM action a WHERE a.impersonation_id = i.id) AS actions,
				(SELECT count(*)::int FROM page_sketch h JOIN page g ON g.id = h.page_id WHERE g.impersonation_id = i.id) AS sketches,
				(SELECT count(*)::int FROM view v WHERE v.impersonation_id = i.id AND (v.at < i.created_at OR v.at > i.ended_at
					OR v.page_id IS NULL OR v.page_id NOT IN (SELECT g.id FROM page g WHERE g.impersonation_id = i.id)))
				+ (SELECT count(*)::int FROM page g WHERE g.impersonation_id = i.id AND (g.opened_at < i.started_at
					OR g.last_event_at > i.ended_at + interval '5 seconds')) AS astray
			FROM impersonation i WHERE EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id) ORDER BY i.ended_at`);
		expect(brought.map(({ ticket, hours, astray }) => [ticket, hours, astray])).toEqual([
			['NW-1987', 50, 0],
			['NW-2019', 26, 0],
			['NW-2033', 3, 0]
		]);
		for (const { pages, views, actions: done, sketches } of brought) {
			expect(pages).toBeGreaterThan(0);
			expect(sketches).toBe(pages);
			expect(views).toBeGreaterThan(2);
			expect(done).toBeGreaterThan(2);
		}
		expect(await composed.app.recordings.index()).toBeGreaterThan(0);
		expect(
			await count(sql`SELECT count(*) AS n FROM seen_text WHERE lines LIKE '%Invoice%'`)
		).toBeGreaterThan(0);
		expect(
			await rows(sql`SELECT DISTINCT i.ticket, m.kind FROM masked_stretch m JOIN impersonation i ON i.id = m.impersonation_id
				WHERE m.to_at - m.from_at > interval '1 second'`)
		).toEqual([{ ticket: 'NW-1987', kind: 'personal' }]);
	});

	it('lets a draft wait for a client who can approve it', async () => {
		const [draft] = await rows<{ email: string; is_there: boolean }>(sql`
			SELECT k.email, EXISTS (SELECT FROM file f WHERE f.id = (d.input ->> 'id')::uuid AND f.client_id = d.client_id
				AND f.deleted_at IS NULL) AS is_there
			FROM draft d JOIN contact k ON k.id = d.contact_id WHERE d.state = 'open' AND d.expires_at > now()`);
		expect(draft).toEqual({ email: 'cora@cedar.test', is_there: true });
	});

	it('leaves the chain whole', async () => {
		const { db } = composed.parts;
		const [agency] = await rows<{ id: AgencyId }>(sql`SELECT id FROM agency`);
		expect(await verifyChain({ db, agencyId: agency!.id, trusted: null })).toMatchObject({ whole: true });
	});

	it('is not added to a demo somebody used before it had one', async () => {
		const { app, parts } = composed;
		await parts.db
			.transaction(async (tx) => {
				await tx.execute(sql`DELETE FROM action_details WHERE details LIKE '%"203.0.113.%'`);
				const before = await actions();
				await playHistory({ app, db: tx as never, password: DEMO_PASSWORD });
				expect(await actions()).toBe(before);
				tx.rollback();
			})
			.catch((error: Error) => expect(error.message).toMatch(/rollback/i));
	});
});
