// What the filters of the action log can be set to: only what this agency has.
import { sql } from 'drizzle-orm';
import { ACTIONS, actionTitle } from '#domain/actions.ts';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import type { ActionFilters } from './action-filter.ts';
import { requireReader } from './require-reader.ts';

export type Choice = { value: string; label: string };
export type ActionChoices = { clients: Choice[]; actors: Choice[]; actions: Choice[]; about: string | null };

/** A select with more choices than this helps nobody; the one chosen by another page's link is always among them. */
const MAX_CHOICES = 500;

const readClients = (db: Db, agencyId: string, chosen: string | undefined) =>
	db.execute<Choice>(sql`
		SELECT id AS value, name AS label FROM (
			(SELECT id, name FROM client WHERE agency_id = ${agencyId} ORDER BY lower(name), id LIMIT ${MAX_CHOICES})
			UNION SELECT id, name FROM client WHERE agency_id = ${agencyId} AND id = ${chosen ?? null}::uuid) AS listed
		ORDER BY lower(name), id`);

/** One look into the index for each action there is, since a long log must not be read for its names. */
const readNames = (db: Db, agencyId: string) =>
	db.execute<{ action: string }>(sql`
		SELECT n AS action FROM jsonb_array_elements_text(${JSON.stringify(Object.keys(ACTIONS))}::jsonb) AS n
		WHERE EXISTS (SELECT FROM action a WHERE a.agency_id = ${agencyId} AND a.action = n)`);

/** What the record is called that the log is narrowed to: as its latest row has it, and what kind it is where its words are erased. */
async function nameOf(db: Db, agencyId: string, id: string | undefined): Promise<string | null> {
	if (!id) return null;
	const [row] = await db.execute<{ name: string }>(sql`
		SELECT COALESCE(d.details::jsonb ->> 'subject', replace(a.subject_type, '_', ' ')) AS name FROM action a
		LEFT JOIN action_details d ON d.seq = a.seq
		WHERE a.subject_id = ${id} AND a.agency_id = ${agencyId} ORDER BY a.seq DESC LIMIT 1`);
	return row?.name ?? 'one record';
}

/** @throws AppError `not_allowed` without the permission `actions.read` */
export const readActionChoices =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, chosen: Pick<ActionFilters, 'client' | 'about'> = {}): Promise<ActionChoices> => {
		await requireReader(db, actor, 'actions.read');
		const { agencyId } = actor;
		const [clients, staff, actions, about] = await Promise.all([
			readClients(db, agencyId, chosen.client),
			db.execute<Choice>(sql`SELECT id AS value, name AS label FROM staff WHERE agency_id = ${agencyId}
				ORDER BY lower(name), id LIMIT ${MAX_CHOICES}`),
			readNames(db, agencyId),
			nameOf(db, agencyId, chosen.about)
		]);
		const others = [
			{ value: 'contacts', label: 'Contacts themselves' },
			{ value: 'system', label: 'Switchback itself' }
		];
		return {
			about,
			clients: [...clients],
			actors: [...others, ...staff],
			actions: actions
				.map(({ action }) => ({ value: action, label: actionTitle(action) }))
				.toSorted((a, b) => a.label.localeCompare(b.label))
		};
	};
