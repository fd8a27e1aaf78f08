// Server time of every list, as a use case called without HTTP, with 5 000 clients, a million tasks and three million actions;
// against the same lists at a tenth of that. A list may not grow with the agency.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import type { ClientActor } from '#domain/actor.ts';
import { compose, type Composed } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { createLogger } from '#server/logger.ts';
import { prepareDemo } from '#realtime/commands/demo.ts';
import { percentile, rounded, type Figure } from './figure.ts';
import { FULL, TENTH, type Scale } from './large/large-scale.ts';
import type { Asker } from './large/list-call.ts';
import { LIST_CALLS } from './large/list-calls.ts';
import { seedLarge } from './large/seed-large.ts';

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

export type ListTimes = Record<string, number>;

/** 95th percentile of every list, in ms; the lists by turns, so that whatever the machine does falls on all. */
export async function measureLists(composed: Composed, calls = CALLS, warmUp = WARM_UP): Promise<ListTimes> {
	const staff = await staffOf(composed);
	const contacts = await contactsOf(composed);
	const times: Record<string, number[]> = {};
	for (let n = -warmUp; n < calls; n += 1) {
		const contact = contacts[(n + warmUp) % contacts.length];
		if (!contact) throw new Error('there is no contact');
		for (const [name, call] of Object.entries(LIST_CALLS)) {
			const from = performance.now();
			await call({ app: composed.app, staff, contact }).catch((error: unknown) => {
				throw new Error(`the list “${name}” failed`, { cause: error });
			});
			if (n >= 0) (times[name] ??= []).push(performance.now() - from);
		}
	}
	return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, percentile(all, 95)]));
}

async function measureAt(scale: Scale): Promise<ListTimes> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-bench-'));
	const composed = await compose(readConfig({ DATA_DIR: dataDir }), createLogger('silent'));
	try {
		await prepareDemo(composed);
		const [agency] = await composed.parts.db.execute<{ id: string }>(sql`SELECT id FROM agency`);
		await seedLarge(composed.database.owner, agency?.id ?? '', scale);
		return await measureLists(composed);
	} finally {
		await composed.app.close();
		await rm(dataDir, { recursive: true, force: true });
	}
}

/** Of the slowest at full size: whatever takes longer than the others decides what a person waits. */
function slowest(lists: readonly (readonly [string, number])[], tenth: ListTimes): Figure {
	const [name, ours] = lists[0] ?? ['', Number.NaN];
	const baseline = tenth[name] ?? Number.NaN;
	return {
		figure: 'list-p95',
		unit: 'ms',
		ours: rounded(ours),
		baseline: rounded(baseline),
		baselineName: `the same list (the slowest of ${lists.length}: ${name}) at a tenth of the data`,
		ratio: rounded(ours / baseline)
	};
}

/** Below this at full size, noise grows more than any list. */
const GROWS_FROM_MS = 10;

/** The list that grows most with the agency. @returns null where all are too fast to tell */
function fastestGrowing(lists: readonly (readonly [string, number])[], tenth: ListTimes): Figure | null {
	const growth = lists
		.filter(([, ours]) => ours > GROWS_FROM_MS)
		.map(([name, ours]) => ({ name, ours, baseline: tenth[name] ?? Number.NaN }))
		.toSorted((a, b) => b.ours / b.baseline - a.ours / a.baseline);
	const [worst] = growth;
	return (
		(worst && {
			figure: 'list-growth',
			unit: 'ms',
			ours: rounded(worst.ours),
			baseline: rounded(worst.baseline),
			baselineName: `the same list (grew most of ${growth.length} slower than ${GROWS_FROM_MS} ms: ${worst.name}) at a tenth of the data`,
			ratio: rounded(worst.ours / worst.baseline)
		}) ??
		null
	);
}

/** What is told of all lists, by their times at full size and at a tenth. */
export function figuresOf(full: ListTimes, tenth: ListTimes): Figure[] {
	const lists = Object.entries(full).toSorted(([, a], [, b]) => b - a);
	const growth = fastestGrowing(lists, tenth);
	return [slowest(lists, tenth), ...(growth ? [growth] : [])];
}

/** Seeds two databases of its own, one after the other. */
export async function run(): Promise<Figure[]> {
	const tenth = await measureAt(TENTH);
	const full = await measureAt(FULL);
	for (const [name, ms] of Object.entries(full).toSorted(([, a], [, b]) => b - a))
		process.stdout.write(`  ${name.padEnd(44)} ${rounded(ms)} ms, at a tenth ${rounded(tenth[name] ?? 0)}\n`);
	return figuresOf(full, tenth);
}
