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
		expect(opened.map(({ n }) => n)).toEqual(Array.from({ length: 10 }, () => 1));
	});

	it('gives every list its rows', async () => {
		expect(await count(sql`SELECT count(*) AS n FROM impersonation WHERE started_at IS NOT NULL`)).toBe(4);
		expect(await count(sql`SELECT count(DISTINCT action) AS n FROM action`)).toBeGreaterThan(20);
		expect(await count(sql`SELECT count(*) AS n FROM file WHERE deleted_at IS NOT NULL`)).toBe(3);
		expect(await count(sql`SELECT count(*) AS n FROM action WHERE outcome = 'refused'`)).toBeGreaterThan(0);
		expect(await count(sql`SELECT count(*) AS n FROM client WHERE opted_out`)).toBe(1);
	});

	it('shows no impersonation as recorded that was not', async () => {
		expect(await count(sql`SELECT count(*) AS n FROM page`)).toBe(0);
		expect(
			await count(sql`SELECT count(*) AS n FROM action a WHERE a.actor_kind = 'impersonation'
				AND a.outcome = 'done' AND a.action NOT LIKE 'impersonation.%'`)
		).toBe(0);
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
