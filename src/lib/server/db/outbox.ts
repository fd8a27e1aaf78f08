// Consequences of a change: rows of the same transaction, carried out after commit, at least once.
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import type { Signal } from '#server/ports/signals.ts';
import type { JobRequest } from '#server/jobs/catalogue.ts';
import type { Db } from './types.ts';

export type OutboxItem = { kind: 'signal'; signal: Signal } | { kind: 'job'; job: JobRequest };

/** Where the items go; both must take the same item twice as once. */
export type OutboxTargets = {
	publish(signal: Signal): Promise<void>;
	/** All or none of them. */
	addJobs(jobs: JobRequest[]): Promise<void>;
};

/** In the order given: rows are delivered by their number. */
const PUT = `INSERT INTO outbox (kind, payload) SELECT item ->> 'kind', item
	FROM jsonb_array_elements($1::text::jsonb) WITH ORDINALITY AS items(item, place) ORDER BY place`;

/** Stores the items inside the change's own transaction. Handed to the connection at once. */
export async function putOutbox(scope: postgres.TransactionSql, items: readonly OutboxItem[]): Promise<void> {
	if (items.length === 0) return;
	await scope.unsafe(PUT, [JSON.stringify(items)], { prepare: true }).execute();
}

/** How many rows one round takes, so that a long queue never holds one transaction open. */
const ROUND = 50;

/** A row that an earlier release left names one action, not several; it must not be lost over an update. */
const toldOf = (data: { seqs?: string[]; seq?: string }): string[] =>
	data.seqs ?? (data.seq ? [data.seq] : []);

/** One job for all rows of a round that people are to be told of: a job for each would cost more than the changes. */
function gathered(jobs: readonly JobRequest[]): JobRequest[] {
	const seqs: string[] = [];
	const others: JobRequest[] = [];
	for (const job of jobs) {
		if (job.name === 'notices.spread') seqs.push(...toldOf(job.data));
		else others.push(job);
	}
	return seqs.length > 0 ? [...others, { name: 'notices.spread', data: { seqs } }] : others;
}

async function deliver(items: readonly OutboxItem[], targets: OutboxTargets): Promise<void> {
	// Signals first: somebody is being frozen or ended, while jobs are for later anyway.
	for (const item of items) if (item.kind === 'signal') await targets.publish(item.signal);
	const jobs = gathered(items.flatMap((item) => (item.kind === 'job' ? [item.job] : [])));
	if (jobs.length > 0) await targets.addJobs(jobs);
}

/** Delivers what waits. Rows are deleted only once their target took them; several drains at once are harmless. */
export async function drainOutbox(db: Db, targets: OutboxTargets): Promise<number> {
	let delivered = 0;
	for (;;) {
		const round = await db.transaction(async (tx) => {
			const rows = await tx.execute<{ id: string; payload: OutboxItem }>(
				sql`SELECT id, payload FROM outbox ORDER BY id LIMIT ${ROUND} FOR UPDATE SKIP LOCKED`
			);
			if (rows.length === 0) return 0;
			await deliver(
				rows.map(({ payload }) => payload),
				targets
			);
			const ids = JSON.stringify(rows.map(({ id }) => id));
			await tx.execute(
				sql`DELETE FROM outbox WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(${ids}::text::jsonb))`
			);
			return rows.length;
		});
		delivered += round;
		if (round < ROUND) return delivered;
	}
}

/** Rows gather this long before a round, or the rounds would cost more than the changes; nobody notices so little. */
const GATHER_MS = 20;

/**
 * A drain that never runs twice at once in this process: a call while one runs asks for one more round after it.
 * The returned promise settles when nothing of this call is left; failures are reported and tried again by the job.
 */
export function createDrain(
	db: Db,
	targets: OutboxTargets,
	onError: (error: unknown) => void
): () => Promise<void> {
	let running: Promise<void> | null = null;
	let isAskedAgain = false;
	const run = async (): Promise<void> => {
		do {
			await delay(GATHER_MS);
			isAskedAgain = false;
			await drainOutbox(db, targets).catch(onError);
		} while (isAskedAgain);
		running = null;
	};
	return () => {
		isAskedAgain = true;
		running ??= run();
		return running;
	};
}
