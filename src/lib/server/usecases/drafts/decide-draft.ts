// The client's answer to what staff prepared: approving carries it out under both names, declining says why not.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { ACTIONS, type ActionName } from '#domain/actions.ts';
import type { ClientActor, Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ContactId, DraftId, ImpersonationId, StaffId } from '#domain/ids.ts';
import { may } from '#domain/visibility.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { ownRows, requireArea, requireId } from '../portal/scope.ts';
import type { DraftDesk, Fact } from './draft-desk.ts';
import { requireUnchanged } from './require-unchanged.ts';

type Open = {
	action: ActionName;
	input: unknown;
	label: string;
	facts: Fact[];
	/** For whom it was prepared; another contact of the account may approve it too. */
	contact_id: ContactId;
	prepared_by: StaffId;
	impersonation_id: ImpersonationId;
};

/**
 * An open draft of this account that the contact has the right to do themselves; any other does not exist for them, but
 * for an owner, who reads of every one.
 */
async function readOpen(db: Db, actor: PortalActor, id: DraftId): Promise<Open & { mayDo: boolean }> {
	const view = await requireArea(db, actor, 'home');
	const [row] = await db.execute<Open>(sql`
		SELECT d.action, d.input, d.label, d.facts, d.contact_id, d.prepared_by, d.impersonation_id FROM draft d
		WHERE d.id = ${id} AND ${ownRows(actor, 'd')} AND d.state = 'open' AND d.expires_at > clock_timestamp()`);
	const element = row && ACTIONS[row.action].element;
	const mayDo = Boolean(element && may(element, view));
	if (!row || !(mayDo || view.contact.isOwner))
		throw new AppError('not_found', 'This does not wait for you any more. Reload the page.');
	return { ...row, mayDo };
}

type Approved = { label: string };

/** @throws AppError `forbidden` while impersonating (logged), `conflict` when it is not what was read any more; whatever the action itself refuses: then it stays open */
export const approveDraft =
	({ act, db, desk }: { act: Act; db: Db; desk: DraftDesk }) =>
	async (actor: PortalActor, draftId: string, origin: Origin): Promise<Approved> => {
		const id = requireId<DraftId>(draftId, 'prepared action');
		const draft = await readOpen(db, actor, id);
		const subject = { type: 'draft', id, label: draft.label };
		if (actor.kind === 'impersonation')
			return act(actor, { action: 'draft.approved', subject, origin }, () => {
				throw new Error('A forbidden action passed the gate.');
			});
		if (!draft.mayDo)
			throw new AppError(
				'conflict',
				'Your portal does not offer this any more, so it cannot be approved. Decline it, or ask your agency.'
			);
		const approves = { draftId: id, staffId: draft.prepared_by, impersonationId: draft.impersonation_id };
		const approver: ClientActor = { ...actor, approves };
		const preparedFor = { ...actor, contactId: draft.contact_id };
		requireUnchanged(draft, await desk.describe(draft.action, preparedFor, draft.input));
		await desk.run(draft.action, approver, draft.input, origin);
		return { label: draft.label };
	};

export const declineInput = z.object({
	id: z.string().max(36),
	reason: z.string().trim().max(300, 'Keep it under 300 characters.').default('')
});

/** @throws AppError `forbidden` while impersonating (logged), `not_found` when it is decided already */
export const declineDraft =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: PortalActor, input: z.infer<typeof declineInput>, origin: Origin): Promise<Approved> => {
		const id = requireId<DraftId>(input.id, 'prepared action');
		const { label } = await readOpen(db, actor, id);
		const subject = { type: 'draft', id, label };
		return act(actor, { action: 'draft.declined', subject, origin }, async (tx) => {
			const declined = await tx.execute(sql`
				UPDATE draft d SET state = 'declined', decided_by = ${actor.contactId}, decided_at = clock_timestamp(),
					decline_reason = ${input.reason || null}
				WHERE d.id = ${id} AND ${ownRows(actor, 'd')} AND d.state = 'open' RETURNING d.id`);
			if (declined.length === 0) throw new AppError('conflict', 'This was decided already. Reload the page.');
			return { value: { label }, details: { reason: input.reason || null } };
		});
	};
