// Server time of lists, called as their pages call them, in a large agency on a database of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import type { ClientActor } from '#domain/actor.ts';
import { compose, type Composed } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { createLogger } from '#server/logger.ts';
import { prepareDemo } from '#realtime/commands/demo.ts';
import { percentile, rounded } from '../figure.ts';
import type { Asker, Call } from './list-call.ts';

/** Each list this often, for ever another client; the first few of each connection plan and fill caches. */
const CALLS = 60;
const WARM_UP = 15;

async function staffOf({ app }: Composed): Promise<Asker['staff']> {
	const signedIn = await app.signIn.signInStaff('olivia@northwind.test', 'switchback-demo', '127.0.0.1');
	const cookies = signedIn.ok ? signedIn.cookies.map((line) => line.split(';')[0]).join('; ') : '';
	const session = await app.signIn.staffSession(cookies);
	const context = session && (await app.signIn.readStaffContext(session));
	if (!context) throw new Error('the bench could not sign in');
	return context.actor;
}

/** Owners of active clients, spread over all of them. */
async function contactsOf({ parts }: Composed): Promise<ClientActor[]> {
	const rows = await parts.db.execute<{ id: string; clientId: string; agencyId: string }>(sql`
		SELECT k.id, k.client_id AS "clientId", k.agency_id AS "agencyId" FROM contact k JOIN client c ON c.id = k.client_id
		WHERE k.is_owner AND c.status = 'active' AND k.email LIKE '%@large.test' ORDER BY k.id LIMIT ${CALLS + WARM_UP}`);
	return rows.map(
		(row) =>
			({ kind: 'client', agencyId: row.agencyId, clientId: row.clientId, contactId: row.id }) as ClientActor
	);
}

type Calls = Readonly<Record<string, Call>>;
export type ListTimes = Record<string, number>;

/** 95th percentile of every list, in ms; the lists by turns, so that whatever the machine does falls on all. */
async function measureCalls(composed: Composed, lists: Calls): Promise<ListTimes> {
	const staff = await staffOf(composed);
	const contacts = await contactsOf(composed);
	const times: Record<string, number[]> = {};
	for (let n = -WARM_UP; n < CALLS; n += 1) {
		const contact = contacts[(n + WARM_UP) % contacts.length];
		if (!contact) throw new Error('there is no contact');
		for (const [name, call] of Object.entries(lists)) {
			const from = performance.now();
			await call({ app: composed.app, staff, contact }).catch((error: unknown) => {
				throw new Error(`the list “${name}” failed`, { cause: error });
			});
			if (n >= 0) (times[name] ??= []).push(performance.now() - from);
		}
	}
	return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, percentile(all, 95)]));
}

/** Of an agency that `seed` fills: on the demo's, whose people ask. */
export async function measureAt(
	lists: Calls,
	seed: (owner: postgres.Sql, agencyId: string) => Promise<void>
): Promise<ListTimes> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-bench-'));
	const composed = await compose(readConfig({ DATA_DIR: dataDir }), createLogger('silent'));
	try {
		await prepareDemo(composed);
		const [agency] = await composed.parts.db.execute<{ id: string }>(sql`SELECT id FROM agency`);
		await seed(composed.database.owner, agency?.id ?? '');
		return await measureCalls(composed, lists);
	} finally {
		await composed.app.close();
		await rm(dataDir, { recursive: true, force: true });
	}
}

/** Each list at both sizes, the slowest first. */
export function printLists(full: ListTimes, tenth: ListTimes): void {
	for (const [name, ms] of Object.entries(full).toSorted(([, a], [, b]) => b - a))
		process.stdout.write(`  ${name.padEnd(44)} ${rounded(ms)} ms, at a tenth ${rounded(tenth[name] ?? 0)}\n`);
}
