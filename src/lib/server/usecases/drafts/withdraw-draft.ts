// How a draft ends without its client: whoever prepared it takes it back, or it waited too long.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError, isAppError } from '#domain/errors.ts';
import type { AgencyId, ClientId, ContactId, DraftId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { requireClient } from '../agency/require-reader.ts';
import { requireId } from '../portal/scope.ts';

/** @throws AppError `not_found` for another person's, another agency's or a decided one; the gate's refusals (logged) */
export const withdrawDraft =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, input: { clientId: string; id: string }, origin: Origin): Promise<void> => {
		await requireClient(db, actor, input.clientId);
		const id = requireId<DraftId>(input.id, 'prepared action');
		const clientId = input.clientId as ClientId;
		const subject = { type: 'draft', id };
		await act(actor, { action: 'draft.withdrawn', clientId, subject, origin }, async (tx) => {
			const [row] = await tx.execute<{ label: string }>(sql`
				UPDATE draft SET state = 'withdrawn', decided_at = clock_timestamp()
				WHERE id = ${id} AND agency_id = ${actor.agencyId} AND client_id = ${clientId}
					AND prepared_by = ${actor.staffId} AND state = 'open' RETURNING label`);
			if (!row) throw new AppError('not_found', 'It was decided already, or somebody else prepared it.');
			return { value: undefined, subject: { ...subject, label: row.label } };
		});
	};

/** How many one run takes, so that a long queue never holds the worker. */
const ROUND = 200;

type Late = { id: DraftId; agency_id: AgencyId; client_id: ClientId; contact_id: ContactId; label: string };

/** Closes those that waited too long; running twice is the same as once. @returns how many */
export const expireDrafts =
	({ act, db }: { act: Act; db: Db }) =>
	async (): Promise<number> => {
		const late = await db.execute<Late>(sql`
			SELECT id, agency_id, client_id, contact_id, label FROM draft
			WHERE state = 'open' AND expires_at <= clock_timestamp() ORDER BY expires_at LIMIT ${ROUND}`);
		let closed = 0;
		for (const { id, agency_id, client_id, contact_id, label } of late) {
			const deed = {
				action: 'draft.expired',
				clientId: client_id,
				contactId: contact_id,
				subject: { type: 'draft', id, label }
			} as const;
			try {
				await act({ kind: 'system', agencyId: agency_id }, deed, async (tx) => {
					const rows = await tx.execute(sql`
						UPDATE draft SET state = 'expired', decided_at = clock_timestamp()
						WHERE id = ${id} AND state = 'open' AND expires_at <= clock_timestamp() RETURNING id`);
					if (rows.length === 0) throw new AppError('conflict', 'It was decided already.');
					return { value: undefined };
				});
				closed += 1;
			} catch (caught) {
				// Decided meanwhile: then there is nothing left to close.
				if (!isAppError(caught) || caught.code !== 'conflict') throw caught;
			}
		}
		return closed;
	};
