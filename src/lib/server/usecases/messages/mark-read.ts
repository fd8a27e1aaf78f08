// How far somebody has read, and how much is left. Only the person's own look moves the mark, never one of staff who
// impersonate them: the client would find messages read that they never saw.
import { sql } from 'drizzle-orm';
import { may, type PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { inPortal, type EitherActor } from '../portal/either-side.ts';
import { isUnread, personOf, reachedThreads, threadsInView } from './reach.ts';

/**
 * Marks what this person was shown, up to its last message; what arrives meanwhile stays unread. Does nothing while
 * impersonating.
 */
export const markThreadRead =
	({ db }: { db: Db }) =>
	async (actor: EitherActor, thread: { id: string; messages: readonly { id: string }[] }): Promise<void> => {
		const last = thread.messages.at(-1);
		if (actor.kind === 'impersonation' || !last) return;
		const reached = await reachedThreads(db, actor);
		await db.execute(sql`
			INSERT INTO thread_read (thread_id, person_id, read_at)
			SELECT t.id, ${personOf(actor)}, m.created_at FROM thread t JOIN message m ON m.thread_id = t.id
			WHERE t.id = ${thread.id} AND m.id = ${last.id} AND ${reached}
			ON CONFLICT (thread_id, person_id) DO UPDATE SET read_at = greatest(thread_read.read_at, EXCLUDED.read_at)`);
	};

/** A badge says "99+" from here on. */
const MAX_COUNTED = 100;

/**
 * Conversations with something new, up to `MAX_COUNTED`. `opened` names a conversation that is being opened, or the order
 * whose page shows it: that one is left out. A contact's view is asked; staff have their permission checked.
 */
export const countUnread =
	({ db }: { db: Db }) =>
	async (actor: EitherActor, view?: PortalView, opened: string | null = null): Promise<number> => {
		if (view && !may('messages', view, 'see')) return 0;
		const reached = view && inPortal(actor) ? threadsInView(actor, view) : await reachedThreads(db, actor);
		const left = opened ?? '';
		const [row] = await db.execute<{ n: number }>(sql`
			SELECT count(*)::int AS n FROM (SELECT FROM thread t WHERE ${reached} AND ${isUnread(actor)}
				AND t.id::text <> ${left} AND coalesce(t.order_id::text, 'none') <> ${left} LIMIT ${MAX_COUNTED}) unread`);
		return row?.n ?? 0;
	};
