// End now: the client shows whoever is inside the door. It is the same end as every other, so it holds within a second on
// all of their tabs; who may press it is who may read of the visit: owners for all, other contacts for those made as them.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { visitsOf } from '../portal/access-rows.ts';
import { requireArea, requireId } from '../portal/scope.ts';
import { closeImpersonation, isAlreadyOver } from './end-impersonation.ts';

export const endVisitInput = z.object({ visit: z.string().max(36) });

/** The staff member's name, for the row of the log. */
async function requireVisit(tx: Tx, actor: PortalActor, id: ImpersonationId): Promise<string> {
	const view = await requireArea(tx, actor, 'access-history');
	const [row] = await tx.execute<{ staff: string }>(sql`
		SELECT s.name AS staff FROM impersonation i JOIN staff s ON s.id = i.staff_id
		WHERE ${visitsOf(actor, view)} AND i.id = ${id}`);
	if (!row) throw new AppError('not_found', 'There is no such visit.');
	return row.staff;
}

/**
 * @returns false when it was over already
 * @throws AppError `forbidden` while impersonating (logged), `not_found` for a visit that is not theirs to read of
 */
export const endVisit =
	({ act }: { act: Act }) =>
	async (actor: PortalActor, { visit }: z.infer<typeof endVisitInput>, origin: Origin): Promise<boolean> => {
		const id = requireId<ImpersonationId>(visit, 'visit');
		try {
			return await act(actor, { action: 'visit.ended', origin }, async (tx) => {
				const staff = await requireVisit(tx, actor, id);
				const ending = {
					impersonationId: id,
					reason: 'client',
					agencyId: actor.agencyId,
					endedBy: null
				} as const;
				const done = await closeImpersonation(tx, ending);
				return { ...done, impersonationId: id, subject: { type: 'impersonation', id, label: staff } };
			});
		} catch (error) {
			if (isAlreadyOver(error)) return false;
			throw error;
		}
	};
