// What the demo's people find on their screens before they act on it.
import { sql } from 'drizzle-orm';
import type { ClientId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';

export async function idOfClient(db: Db, name: string): Promise<ClientId> {
	const [row] = await db.execute<{ id: ClientId }>(sql`SELECT id FROM client WHERE name = ${name}`);
	if (!row) throw new Error(`The demo has no client ${name}.`);
	return row.id;
}

/** The address the client's owner signs in with. */
export async function ownerOf(db: Db, client: string): Promise<string> {
	const [row] = await db.execute<{ email: string }>(
		sql`SELECT k.email FROM contact k JOIN client c ON c.id = k.client_id WHERE c.name = ${client} AND k.is_owner`
	);
	if (!row) throw new Error(`${client} has no owner in the demo.`);
	return row.email;
}

type Found = { id: string; label: string };

/** Open tasks that the client sees, newest first. */
export async function openTasks(db: Db, clientId: ClientId, count: number): Promise<Found[]> {
	return db.execute<Found>(sql`SELECT t.id, t.title AS label FROM task t WHERE t.client_id = ${clientId}
		AND t.status = 'open' AND t.client_visible AND t.deleted_at IS NULL ORDER BY t.created_at DESC, t.title LIMIT ${count}`);
}

/** Files that lie there, oldest first: nobody misses what is deleted of them. */
export async function oldFiles(db: Db, clientId: ClientId, count: number): Promise<Found[]> {
	return db.execute<Found>(sql`SELECT f.id, f.name AS label FROM file f WHERE f.client_id = ${clientId}
		AND f.deleted_at IS NULL AND f.task_id IS NULL ORDER BY f.created_at, f.name LIMIT ${count}`);
}

/** Invoices that wait for their money and of which nobody says they were paid, oldest first. */
export async function dueInvoices(
	db: Db,
	clientId: ClientId,
	count: number
): Promise<(Found & { due: number; currency: string })[]> {
	return db.execute(sql`SELECT i.id, i.number AS label, (i.total_minor - i.paid_minor)::float8 AS due, i.currency
		FROM invoice i WHERE i.client_id = ${clientId} AND i.status = 'open' AND i.claimed_at IS NULL
		ORDER BY i.number LIMIT ${count}`);
}

/** The conversation something was said in last. */
export async function lastThread(db: Db, clientId: ClientId): Promise<Found> {
	const [row] = await db.execute<Found>(sql`SELECT t.id, t.subject AS label FROM thread t
		WHERE t.client_id = ${clientId} AND t.order_id IS NULL ORDER BY t.created_at DESC LIMIT 1`);
	if (!row) throw new Error('The demo has no conversation there.');
	return row;
}

/** @throws Error when there is none: then the seed changed and a scene must too */
export function pick<T>([first]: readonly T[]): T {
	if (first === undefined) throw new Error('The demo has nothing to act on here.');
	return first;
}
