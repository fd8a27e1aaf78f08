// The people of a client as its owner reads them in the portal, a page at a time, and whom they removed a moment ago.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ContactId } from '#domain/ids.ts';
import { UNDO_MINUTES } from '#domain/undo.ts';
import type { Db } from '#server/db/types.ts';
import { epochMs, ownRows, PAGE_SIZE, requireArea } from '../portal/scope.ts';

export type TeamContact = {
	id: ContactId;
	name: string;
	email: string;
	jobTitle: string;
	isOwner: boolean;
	rights: string[];
	/** Invited, and no password chosen yet. */
	pending: boolean;
	lastSignInAt: number | null;
};

export type TeamContacts = {
	rows: TeamContact[];
	total: number;
	/** Removed in the portal a moment ago: they can be taken back. */
	removed: { id: ContactId; name: string }[];
};

/** What the log said last of whether they may sign in; `readRecent` asks the same of one. */
const REMOVED_LATELY = sql`(SELECT a.action = 'contact.removed' AND a.actor_kind = 'client'
		AND a.at > clock_timestamp() - make_interval(mins => ${UNDO_MINUTES})
	FROM action a WHERE a.subject_id = k.id AND a.client_id = k.client_id AND a.outcome = 'done'
		AND a.action IN ('contact.removed', 'contact.restored') ORDER BY a.seq DESC LIMIT 1)`;

/** @throws AppError `not_found` for everybody but the owner: to others there is no such page */
export const listTeamContacts =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, page = 1): Promise<TeamContacts> => {
		const view = await requireArea(db, actor, 'account.team');
		if (!view.contact.isOwner) throw new AppError('not_found', 'There is no such page.');
		const team = sql`${ownRows(actor, 'k')} AND k.active`;
		const [[count], rows, removed] = await Promise.all([
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM contact k WHERE ${team}`),
			db.execute<TeamContact & { lastSignInAt: string | null }>(sql`
				SELECT k.id, k.name, k.email, coalesce(k.job_title, '') AS "jobTitle", k.is_owner AS "isOwner", k.rights,
					NOT EXISTS (SELECT FROM contact_account x WHERE x.user_id = k.id) AS pending,
					${epochMs('k.last_sign_in_at')} AS "lastSignInAt"
				FROM contact k WHERE ${team} ORDER BY k.is_owner DESC, lower(k.name), k.id
				LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`),
			db.execute<{ id: ContactId; name: string }>(sql`
				SELECT k.id, k.name FROM contact k WHERE ${ownRows(actor, 'k')} AND NOT k.active AND ${REMOVED_LATELY}
				ORDER BY lower(k.name), k.id`)
		]);
		const time = (text: string | null) => (text === null ? null : Number(text));
		return {
			total: count?.n ?? 0,
			rows: rows.map((row) => ({ ...row, lastSignInAt: time(row.lastSignInAt) })),
			removed: [...removed]
		};
	};
