// What the act gate adds to a change: rights read under locks, the chain, the row and its details; against the same
// insert in a plain transaction on the same database. Impersonated, which is the dearest way through the gate.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import type { PageId, StaffId } from '#domain/ids.ts';
import { compose, type Composed } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { createLogger } from '#server/logger.ts';
import { prepareDemo } from '#realtime/commands/demo.ts';
import { measureWrites } from './act-gate-writes.ts';
import { percentile, rounded, type Figure } from './figure.ts';

const CHANGES = 1_000;
/** Until the engine has compiled both ways and PostgreSQL has settled on its plans: a server runs for days. */
const WARM_UP = 500;

async function impersonated({ app, parts }: Composed): Promise<ImpersonationActor> {
	const signedIn = await app.signIn.signInStaff('maya@northwind.test', 'switchback-demo', '127.0.0.1');
	const cookies = signedIn.ok ? signedIn.cookies.map((line) => line.split(';')[0]).join('; ') : '';
	const session = await app.signIn.staffSession(cookies);
	const staff = session && (await app.signIn.readStaffContext(session));
	if (!staff) throw new Error('the bench could not sign in');
	const [bea] = await parts.db.execute<{ id: string; client_id: string }>(
		sql`SELECT id, client_id FROM contact WHERE email = 'bea@bluebird.test'`
	);
	if (!bea) throw new Error('the demo has no Bea');
	const origin = { ip: null, userAgent: null };
	const form = { clientId: bea.client_id, contactId: bea.id, mode: 'act', reason: 'support' } as const;
	const rest = { details: '', ticket: '', returnTo: '/clients', enterAt: '/', restartedFrom: null };
	const { code } = await app.impersonation.start(
		staff.actor,
		{ ...form, ...rest },
		{ endCurrent: true, origin }
	);
	const { token } = await app.impersonation.enter(code, origin);
	const inside = await app.impersonation.read(token);
	if (!inside) throw new Error('the bench could not enter');
	const { pageId } = await app.impersonation.openPage(inside.actor, '/tasks');
	await parts.db.execute(
		sql`UPDATE page SET snapshot_at = now(), last_beat_at = now() + interval '1 hour' WHERE id = ${pageId}`
	);
	return { ...inside.actor, pageId: pageId as PageId };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
	const from = performance.now();
	await work();
	return performance.now() - from;
}

const insert = (parts: Composed['parts'], actor: ImpersonationActor, staffId: StaffId) => sql`
	INSERT INTO task (id, agency_id, client_id, title, made_by_contact_id, made_by_staff_id, impersonation_id)
	VALUES (${parts.ids.uuid()}, ${actor.agencyId}, ${actor.clientId}, 'Bench', ${actor.contactId}, ${staffId},
		${actor.impersonationId})`;

async function measure({ parts }: Composed, actor: ImpersonationActor): Promise<Figure[]> {
	const gated: number[] = [];
	const plain: number[] = [];
	const { staffId } = actor.act;
	// Taken in turns, so that whatever the machine does meanwhile falls on both.
	for (let n = -WARM_UP; n < CHANGES; n += 1) {
		const withGate = await timed(() =>
			parts.act(actor, { action: 'task.created' }, async (tx) => {
				await tx.execute(insert(parts, actor, staffId));
				return { value: undefined };
			})
		);
		const without = await timed(() =>
			parts.db.transaction((tx) => tx.execute(insert(parts, actor, staffId)))
		);
		if (n < 0) continue;
		gated.push(withGate);
		plain.push(without);
	}
	const ours = percentile(gated, 50);
	const baseline = percentile(plain, 50);
	const baselineName = 'the same insert in a plain transaction';
	return [
		{
			figure: 'act-gate-p50',
			unit: 'ms',
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName,
			ratio: rounded(ours / baseline)
		}
	];
}

/** Runs on a fresh embedded database with the demo's rows. */
export async function run(): Promise<Figure[]> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-bench-'));
	const composed = await compose(readConfig({ DATA_DIR: dataDir }), createLogger('silent'));
	try {
		await prepareDemo(composed);
		return [...(await measure(composed, await impersonated(composed))), await measureWrites(composed)];
	} finally {
		await composed.app.close();
		await rm(dataDir, { recursive: true, force: true });
	}
}
