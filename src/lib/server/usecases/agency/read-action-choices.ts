// What the log can be filtered by: names for the selects and for the chips of filters that are set.
import { sql } from 'drizzle-orm';
import { actionTitle } from '#domain/actions.ts';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from './require-reader.ts';

export type Choice = { value: string; label: string };
export type ActionChoices = { clients: Choice[]; actors: Choice[]; actions: Choice[] };

/** A select with more choices than this helps nobody. */
const MAX_CHOICES = 500;

/** @throws AppError `not_allowed` without the permission `actions.read` */
export const readActionChoices =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<ActionChoices> => {
		await requireReader(db, actor, 'actions.read');
		const { agencyId } = actor;
		const [clients, actors, actions] = await Promise.all([
			db.execute<Choice>(sql`SELECT id AS value, name AS label FROM client WHERE agency_id = ${agencyId}
				ORDER BY lower(name), id LIMIT ${MAX_CHOICES}`),
			db.execute<Choice>(sql`SELECT id AS value, name AS label FROM staff WHERE agency_id = ${agencyId}
				ORDER BY lower(name), id LIMIT ${MAX_CHOICES}`),
			db.execute<{ action: string }>(
				sql`SELECT DISTINCT action FROM action WHERE agency_id = ${agencyId} ORDER BY action`
			)
		]);
		return {
			clients: [...clients],
			actors: [...actors],
			actions: actions.map(({ action }) => ({ value: action, label: actionTitle(action) }))
		};
	};
