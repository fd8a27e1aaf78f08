// The hub's sign of life for the controls held through it, by the database's clock; and the end of those that nobody renewed.
import { sql } from 'drizzle-orm';
import type { AgencyId, ImpersonationId } from '#domain/ids.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { controlChanged, heldUntil } from './control-rows.ts';
import { accountOf, findSession } from './helped-session.ts';

type Lapsed = { id: string; agency_id: AgencyId; impersonation_id: ImpersonationId; staff_id: string };

const listed = (ids: readonly string[]) =>
	sql`(SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;

/** Another hub was first. */
const ALREADY = new AppError('conflict', 'It is over already.');

/** Several hubs may do so at once: each lapse is logged once, as the system's. */
export const keepControls = ({ act, db }: { act: Act; db: Db }) => {
	const close = async (row: Lapsed): Promise<void> => {
		const session = await findSession(db, row.agency_id, row.impersonation_id);
		const system = { kind: 'system', agencyId: row.agency_id } as const;
		await act(system, { action: 'control.released', ...accountOf(session) }, async (tx) => {
			const gone = await tx.execute(
				sql`DELETE FROM control WHERE id = ${row.id} AND until <= clock_timestamp() RETURNING id`
			);
			if (gone.length === 0) throw ALREADY;
			return {
				value: undefined,
				details: { holder: row.staff_id, was: 'held', why: 'lapsed' },
				outbox: controlChanged(row.agency_id, row.impersonation_id)
			};
		});
	};
	return async (ids: readonly string[]): Promise<void> => {
		if (ids.length > 0)
			await db.execute(sql`UPDATE control SET until = ${heldUntil}
				WHERE state = 'held' AND until > clock_timestamp() AND id IN ${listed(ids)}`);
		await db.execute(sql`DELETE FROM control WHERE state <> 'held' AND until <= clock_timestamp()`);
		const lapsed = await db.execute<Lapsed>(sql`SELECT id, agency_id, impersonation_id, staff_id FROM control
			WHERE state = 'held' AND until <= clock_timestamp()`);
		for (const row of lapsed)
			await close(row).catch((error: unknown) => {
				if (error !== ALREADY) throw error;
			});
	};
};
