// The recorded events of one page, for the player. Handed out only to someone who opened the replay, so that no picture
// of a client's data leaves without its row in the log.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { frameBatch } from './batch-frames.ts';
import { requireId, requirePermission } from './require-permission.ts';

/** A working day: a replay page left open keeps loading, yesterday's opening does not count for today's look. */
const OPENING_LASTS_HOURS = 10;

async function requireOpened(db: Db, actor: StaffActor, impersonationId: string): Promise<void> {
	// Attack: events fetched by address, without the page that logs the replay.
	const [opened] = await db.execute(sql`
		SELECT FROM action WHERE impersonation_id = ${impersonationId} AND agency_id = ${actor.agencyId}
			AND actor_staff_id = ${actor.staffId} AND action = 'recording.replayed' AND outcome = 'done'
			AND at > clock_timestamp() - make_interval(hours => ${OPENING_LASTS_HOURS}) LIMIT 1`);
	if (!opened) throw new AppError('not_allowed', 'Open the recording first: every replay is logged.');
}

async function* frames(liveLog: LiveLog, pageId: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	for await (const batch of liveLog.read(pageId)) yield frameBatch(batch);
}

/**
 * All batches of one page, framed, in the order of their numbers.
 * @throws AppError `not_allowed` without the permission `review` or before the replay was opened; `not_found`
 */
export const readPageBatches =
	({ db, liveLog }: { db: Db; liveLog: LiveLog }) =>
	async (
		actor: StaffActor,
		input: { impersonationId: string; pageId: string }
	): Promise<AsyncGenerator<Uint8Array<ArrayBuffer>>> => {
		await requirePermission(db, actor, 'review');
		const [id, pageId] = [requireId(input.impersonationId), requireId(input.pageId)];
		const [page] = await db.execute(sql`
			SELECT FROM page WHERE id = ${pageId} AND impersonation_id = ${id} AND agency_id = ${actor.agencyId}`);
		if (!page) throw new AppError('not_found', 'There is no such page.');
		await requireOpened(db, actor, id);
		return frames(liveLog, pageId);
	};
