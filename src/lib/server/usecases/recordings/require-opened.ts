// What stands before every recorded event that leaves: the right, the record, and the logged opening of its replay.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { BlockIds } from '#recorder/format/block-header.ts';
import type { Db, Reader } from '#server/db/types.ts';
import { requireId, requirePermission } from './require-permission.ts';
import { requireWatched } from './require-watched.ts';

/** A working day: a replay page left open keeps loading, yesterday's opening does not count for today's look. */
const OPENING_LASTS_HOURS = 10;

/** @throws AppError `not_allowed` while this person has not opened the replay; `conflict` while it runs and they do not watch it */
export async function requireOpened(
	reader: Reader,
	actor: StaffActor,
	impersonationId: string
): Promise<void> {
	// Attack: events fetched by address, without the page that logs the replay.
	const [opened] = await reader.execute(sql`
		SELECT FROM action WHERE impersonation_id = ${impersonationId} AND agency_id = ${actor.agencyId}
			AND actor_staff_id = ${actor.staffId} AND action = 'recording.replayed' AND outcome = 'done'
			AND at > clock_timestamp() - make_interval(hours => ${OPENING_LASTS_HOURS}) LIMIT 1`);
	if (!opened) throw new AppError('not_allowed', 'Open the recording first: every replay is logged.');
	await requireWatched(reader, actor, impersonationId);
}

/**
 * A page of a recording that the actor has opened.
 * @throws AppError `not_allowed` without the permission `review` or before the replay was opened; `not_found`
 */
export async function requireOpenedPage(
	db: Db,
	actor: StaffActor,
	input: { impersonationId: string; pageId: string }
): Promise<BlockIds> {
	await requirePermission(db, actor, 'review');
	const [impersonationId, pageId] = [requireId(input.impersonationId), requireId(input.pageId)];
	const [page] = await db.execute(sql`
		SELECT FROM page WHERE id = ${pageId} AND impersonation_id = ${impersonationId} AND agency_id = ${actor.agencyId}`);
	if (!page) throw new AppError('not_found', 'There is no such page.');
	await requireOpened(db, actor, impersonationId);
	return { agencyId: actor.agencyId, impersonationId, pageId };
}
