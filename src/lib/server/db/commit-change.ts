// The end of a change: its consequences, its link in the chain, the commit and the wait for the disk, sent in one go.
//
// The chain's head is one row of the agency, so changes pass it one at a time. If it were held until its commit is on disk,
// an agency could make no more changes a second than its disk can flush. So the change commits without waiting for the
// disk, which frees the head, and right after it, in a transaction of its own, a marker is written whose commit does wait.
// The log of the database reaches the disk in order, hence with the marker the change: what is acknowledged is on disk,
// and many changes share one flush. A crash in between loses only what nobody was told yet, always from the chain's end.
import { appendRow, type JobOfRow, type NewRow } from './chain.ts';
import { clientOf } from './client-of.ts';
import { putOutbox, type OutboxItem } from './outbox.ts';
import type { Tx } from './types.ts';

const NO_WAIT = 'SET LOCAL synchronous_commit = off';

/**
 * Frees every lock of the change and begins the marker's transaction, which the caller's commit ends. The marker is
 * transactional, since only then its commit waits: for the disk, and for standbys where an outside database has them.
 */
const COMMIT = "COMMIT AND CHAIN; SELECT pg_logical_emit_message(true, 'switchback', '')";

export type Ending = { row: NewRow; outbox: readonly OutboxItem[]; job: JobOfRow | null };

/**
 * Hands everything to the connection at once, in this order. The caller ends the transaction right after and awaits the
 * result only then: where the link fails, the commit is a rollback by itself.
 * @returns the link's number
 */
export function commitChange(tx: Tx, { row, outbox, job }: Ending): Promise<string> {
	const scope = clientOf(tx);
	// Asked for before the head is locked: between that lock and the commit nothing else is done.
	const first = [scope.unsafe(NO_WAIT).execute(), putOutbox(scope, outbox)];
	const link = appendRow(scope, row, job);
	const committed = scope.unsafe(COMMIT).execute();
	const linked = Promise.all([link, ...first, committed]).then(([seq]) => seq);
	// It may fail while the caller still waits for the commit; the caller sees it, the process must not stumble over it.
	linked.catch(() => {});
	return linked;
}
