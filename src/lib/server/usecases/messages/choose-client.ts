// With whom staff begin a conversation: a client that is named, or the first ones that a search finds.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid, type ClientId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { containing, requireReader } from '../agency/require-reader.ts';

export type ClientChoice = { id: ClientId; name: string };

const MAX_FOUND = 20;

/** @throws AppError `not_allowed`, `not_found` also for another agency's client */
export const readClientChoice =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, id: string): Promise<ClientChoice> => {
		await requireReader(db, actor, 'messages.manage');
		const [row] = isUuid(id)
			? await db.execute<ClientChoice>(
					sql`SELECT id, name FROM client WHERE id = ${id} AND agency_id = ${actor.agencyId}`
				)
			: [];
		if (!row) throw new AppError('not_found', 'There is no such client.');
		return row;
	};

/** Those a staff member looks after come first. */
export const findClientChoices =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, q: string): Promise<ClientChoice[]> => {
		await requireReader(db, actor, 'messages.manage');
		const rows = await db.execute<ClientChoice>(sql`
			SELECT c.id, c.name FROM client c WHERE c.agency_id = ${actor.agencyId} AND c.status = 'active'
				AND c.name ILIKE ${containing(q)}
			ORDER BY EXISTS (SELECT FROM client_assignment x WHERE x.client_id = c.id
				AND x.staff_id = ${actor.staffId}) DESC, lower(c.name), c.id LIMIT ${MAX_FOUND}`);
		return [...rows];
	};
