// The demo's conversations of all clients, into their tables.
import { sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import * as tables from '#server/db/schema/index.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { demoMessages } from './demo-messages.ts';
import type { Cast } from './demo-tasks.ts';
import type { Dice } from './dice.ts';

type Insert = <T extends PgTable>(tx: Tx, table: T, rows: readonly T['$inferInsert'][]) => Promise<void>;

/** How many a client has, and how many of them somebody has yet to read. */
const SIZES: Record<string, { count: number; unread: number }> = {
	'Bluebird Bakery': { count: 12, unread: 3 },
	'Cedar Clinic': { count: 7, unread: 1 }
};
const USUAL = { count: 3, unread: 1 };
/** Apart enough that two clients' notices never share a number. */
const SEQ_STEP = 100;

const SEEN_AFTER_DAYS = 4;

export async function insertMessages(
	{ tx, insert }: { tx: Tx; insert: Insert },
	build: { dice: Dice; ids: Ids; now: number },
	casts: readonly Cast[]
): Promise<void> {
	const active = casts.filter(
		({ client, contacts }) => (client.status ?? 'active') === 'active' && contacts.length > 0
	);
	const talks = active.map((cast, index) =>
		demoMessages(build, cast, { ...(SIZES[cast.client.name] ?? USUAL), seq: -SEQ_STEP * (index + 1) })
	);
	await insert(
		tx,
		tables.thread,
		talks.flatMap((talk) => talk.threads)
	);
	await insert(
		tx,
		tables.message,
		talks.flatMap((talk) => talk.messages)
	);
	await insert(
		tx,
		tables.threadRead,
		talks.flatMap((talk) => talk.reads)
	);
	await insert(
		tx,
		tables.notice,
		talks.flatMap((talk) => talk.notices)
	);
	// What is older than a few days everybody has seen, orders' conversations too: unread is what waits, not the past.
	await tx.execute(sql`INSERT INTO thread_read (thread_id, person_id, read_at)
		SELECT t.id, p.id, t.last_message_at FROM thread t JOIN LATERAL (
			SELECT k.id FROM contact k WHERE k.client_id = t.client_id
			UNION ALL SELECT s.id FROM staff s WHERE s.agency_id = t.agency_id) p ON true
		WHERE t.last_message_at < now() - make_interval(days => ${SEEN_AFTER_DAYS}) ON CONFLICT DO NOTHING`);
}
