// What stands before every recorded event that leaves: a right, the record, and the logged opening. A reviewer has opened the replay;
// whoever watches looks back in the session that runs, and no longer than it can be watched.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { BlockIds } from '#recorder/format/block-header.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import { requireOpened } from './require-opened.ts';
import { requireId } from './require-permission.ts';
import { isWatchedBy } from './require-watched.ts';

/** As long as an opening of the replay counts; and to see how it ended, as in require-watchable.ts. */
const LOOK_LASTS_HOURS = 10;
const ENDED_LASTS_MINUTES = 5;

/** Attack: by the least right of all, to watch, events of a recording that is over, without a row that tells of it, or unseen. */
async function looksBack(db: Db, actor: StaffActor, id: string): Promise<boolean> {
	const { agencyId, staffId } = actor;
	const [looked] = await db.execute(sql`
		SELECT FROM action x JOIN impersonation i ON i.id = x.impersonation_id
		WHERE x.impersonation_id = ${id} AND x.agency_id = ${agencyId} AND x.actor_staff_id = ${staffId}
			AND x.action = 'watch.looked_back' AND x.outcome = 'done'
			AND x.at > clock_timestamp() - make_interval(hours => ${LOOK_LASTS_HOURS})
			AND ${isWatchedBy(actor)}
			AND (i.state = 'active' OR i.ended_at > clock_timestamp() - make_interval(mins => ${ENDED_LASTS_MINUTES}))
		LIMIT 1`);
	return looked !== undefined;
}

/** How somebody may be shown events of a recording. */
export type Viewing = 'looks back' | 'reviews';

/** Asked first: without either right nothing more is said, not even whether there is one. @throws AppError `not_allowed` */
export async function requireViewer(db: Db, actor: StaffActor, id: string): Promise<Viewing> {
	const permissions = (await readStaff(db, actor))?.permissions;
	if (permissions?.has('observe') && (await looksBack(db, actor, id))) return 'looks back';
	if (permissions?.has('review')) return 'reviews';
	throw new AppError(
		'not_allowed',
		'Your role does not include recordings. Look back from the live page while it runs.'
	);
}

/** Asked last, of a record there is. @throws AppError as `requireOpened` */
export async function requireShown(db: Db, actor: StaffActor, id: string, viewing: Viewing): Promise<void> {
	if (viewing === 'reviews') await requireOpened(db, actor, id);
}

/** A page of a recording that the actor may be shown now. @throws AppError as `requireShown`; `not_found` */
export async function requireShownPage(
	db: Db,
	actor: StaffActor,
	input: { impersonationId: string; pageId: string }
): Promise<BlockIds> {
	const [impersonationId, pageId] = [requireId(input.impersonationId), requireId(input.pageId)];
	const viewing = await requireViewer(db, actor, impersonationId);
	const [page] = await db.execute(sql`
		SELECT FROM page WHERE id = ${pageId} AND impersonation_id = ${impersonationId} AND agency_id = ${actor.agencyId}`);
	if (!page) throw new AppError('not_found', 'There is no such page.');
	await requireShown(db, actor, impersonationId, viewing);
	return { agencyId: actor.agencyId, impersonationId, pageId };
}
