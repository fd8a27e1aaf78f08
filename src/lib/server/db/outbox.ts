// Consequences of a change: rows of the same transaction, carried out after commit, at least once.
import { sql } from 'drizzle-orm';
import type { Signal } from '#server/ports/signals.ts';
import type { JobRequest } from '#server/jobs/catalogue.ts';
import type { Db, Tx } from './types.ts';

export type OutboxItem = { kind: 'signal'; signal: Signal } | { kind: 'job'; job: JobRequest };

/** Where the items go; both must take the same item twice as once. */
export type OutboxTargets = {
	publish(signal: Signal): Promise<void>;
	addJob(job: JobRequest): Promise<void>;
};

/** Stores the items inside the change's own transaction. */
export async function putOutbox(tx: Tx, items: readonly OutboxItem[]): Promise<void> {
	if (items.length === 0) return;
	const rows = items.map((item) => sql`(${item.kind}, ${JSON.stringify(item)}::jsonb)`);
	await tx.execute(sql`INSERT INTO outbox (kind, payload) VALUES ${sql.join(rows, sql`, `)}`);
}

/** How many rows one round takes, so that a long queue never holds one transaction open. */
const ROUND = 50;

/** Delivers what waits. Rows are deleted only once their target took them; several drains at once are harmless. */
export async function drainOutbox(db: Db, targets: OutboxTargets): Promise<number> {
	let delivered = 0;
	for (;;) {
		const round = await db.transaction(async (tx) => {
			const rows = await tx.execute<{ id: string; payload: OutboxItem }>(
				sql`SELECT id, payload FROM outbox ORDER BY id LIMIT ${ROUND} FOR UPDATE SKIP LOCKED`
			);
			for (const { payload } of rows)
				await (payload.kind === 'signal' ? targets.publish(payload.signal) : targets.addJob(payload.job));
			if (rows.length > 0) {
				const ids = sql.join(
					rows.map((row) => sql`${row.id}`),
					sql`, `
				);
				await tx.execute(sql`DELETE FROM outbox WHERE id IN (${ids})`);
			}
			return rows.length;
		});
		delivered += round;
		if (round < ROUND) return delivered;
	}
}

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
