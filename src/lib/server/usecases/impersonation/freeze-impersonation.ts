// Freeze and Release: a supervisor stops every change with a sentence, and undoes it. View only and Allow Act: the same without one,
// and what may be looked at stays open.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionName } from '#domain/actions.ts';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, ContactId, ImpersonationId, StaffId } from '#domain/ids.ts';
import type { Act, Done } from '#server/db/act.ts';
import type { OutboxItem } from '#server/db/outbox.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { endControl } from '#server/usecases/supervision/control-rows.ts';

export const freezeInput = z.object({
	note: z
		.string()
		.trim()
		.min(1, 'Say why: the staff member will read this sentence.')
		.max(200, 'Keep it under 200 characters.')
});

type Account = { client_id: ClientId; contact_id: ContactId; staff_id: StaffId };
type Order = { impersonationId: ImpersonationId; origin: Origin };
type Steering = Extract<ActionName, `impersonation.${'frozen' | 'released' | 'view_forced' | 'act_allowed'}`>;
type Change = (tx: Tx) => Promise<readonly unknown[]>;

const changed = (actor: StaffActor, impersonationId: ImpersonationId): OutboxItem => ({
	kind: 'signal',
	signal: { topic: 'impersonation.changed', agencyId: actor.agencyId, impersonationId }
});

async function find(db: Db, actor: StaffActor, id: ImpersonationId): Promise<Account> {
	const [row] = await db.execute<Account>(sql`
		SELECT client_id, contact_id, staff_id FROM impersonation WHERE id = ${id} AND agency_id = ${actor.agencyId}`);
	if (!row) throw new AppError('not_found', 'There is no such impersonation.');
	return row;
}

const steer =
	({ act, db }: { act: Act; db: Db }, action: Steering) =>
	async (
		actor: StaffActor,
		order: Order,
		details: Record<string, unknown>,
		change: Change
	): Promise<void> => {
		const row = await find(db, actor, order.impersonationId);
		const deed = {
			action,
			clientId: row.client_id,
			contactId: row.contact_id,
			impersonationId: order.impersonationId,
			origin: order.origin
		};
		await act(actor, deed, async (tx): Promise<Done<undefined>> => {
			// Whoever is watched must not undo what the watcher did.
			if (row.staff_id === actor.staffId)
				throw new AppError('not_allowed', 'Nobody supervises their own impersonation.');
			const rows = await change(tx);
			if (rows.length === 0) throw new AppError('impersonation_over', 'This impersonation is over.');
			return { value: undefined, details, outbox: [changed(actor, order.impersonationId)] };
		});
	};

/** @throws AppError `not_found`, `not_allowed` (logged), `impersonation_over` */
export const freezeImpersonation = (deps: { act: Act; db: Db }) => {
	const apply = steer(deps, 'impersonation.frozen');
	return (actor: StaffActor, order: Order & { note: string }): Promise<void> =>
		apply(actor, order, { note: order.note }, async (tx) => {
			// Needs the row lock that every change in flight shares: once this commits, no change can follow.
			const frozen = await tx.execute(sql`UPDATE impersonation SET frozen_at = clock_timestamp(),
				frozen_by = ${actor.staffId}, freeze_note = ${order.note}
				WHERE id = ${order.impersonationId} AND state = 'active' RETURNING id`);
			// Whoever had control asks for it again when it goes on.
			await endControl(tx, order.impersonationId);
			return frozen;
		});
};

/** @throws AppError as `freezeImpersonation` */
export const releaseImpersonation = (deps: { act: Act; db: Db }) => {
	const apply = steer(deps, 'impersonation.released');
	return (actor: StaffActor, order: Order): Promise<void> =>
		apply(actor, order, {}, (tx) =>
			tx.execute(sql`UPDATE impersonation SET frozen_at = NULL, frozen_by = NULL, freeze_note = NULL
				WHERE id = ${order.impersonationId} AND state = 'active' RETURNING id`)
		);
};

/** Pressed twice it stays as it is, by whoever came first. @throws AppError as `freezeImpersonation` */
export const forceView = (deps: { act: Act; db: Db }) => {
	const apply = steer(deps, 'impersonation.view_forced');
	return (actor: StaffActor, order: Order): Promise<void> =>
		apply(actor, order, {}, (tx) =>
			tx.execute(sql`UPDATE impersonation SET mode = 'view', view_only_at = COALESCE(view_only_at, clock_timestamp()),
				view_only_by = COALESCE(view_only_by, ${actor.staffId})
				WHERE id = ${order.impersonationId} AND state = 'active' RETURNING id`)
		);
};

/** The mode stays View: the staff member switches when they are ready. @throws AppError as `freezeImpersonation` */
export const allowAct = (deps: { act: Act; db: Db }) => {
	const apply = steer(deps, 'impersonation.act_allowed');
	return (actor: StaffActor, order: Order): Promise<void> =>
		apply(actor, order, {}, (tx) =>
			tx.execute(sql`UPDATE impersonation SET view_only_at = NULL, view_only_by = NULL
				WHERE id = ${order.impersonationId} AND state = 'active' RETURNING id`)
		);
};
