// Signs out one of a person's own sessions, or all but the one that asks.
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { OutboxItem } from '#server/db/outbox.ts';
import {
	actionOf,
	actOnOwn,
	personId,
	refuseInside,
	sideOf,
	tableOf,
	type AccountActor
} from './own-account.ts';

/** What rests on a staff session ends with it: sockets and impersonations hear of it within a second. */
const heard = (actor: AccountActor): OutboxItem[] =>
	actor.kind === 'staff'
		? [
				{
					kind: 'signal',
					signal: { topic: 'rights.changed', agencyId: actor.agencyId, staffId: actor.staffId }
				}
			]
		: [];

/**
 * @param which a session's id, or `others`
 * @throws AppError `forbidden` while impersonating (logged), `not_found`
 */
export const endSession =
	({ act }: { act: Act }) =>
	async (
		actor: AccountActor,
		which: string,
		by: { sessionId: string | null; origin: Origin }
	): Promise<void> => {
		await refuseInside(act, actor, actionOf(actor, 'session'), by.origin);
		const isOne = isUuid(which);
		if (!isOne && which !== 'others') throw new AppError('not_found', 'There is no such session.');
		await actOnOwn(act, { actor, change: 'session', origin: by.origin }, async (tx) => {
			const chosen = isOne ? sql`id = ${which}` : sql`id IS DISTINCT FROM ${by.sessionId}::uuid`;
			const ended = await tx.execute(sql`DELETE FROM ${tableOf(sideOf(actor), 'session')}
				WHERE user_id = ${personId(actor)} AND ${chosen} RETURNING id`);
			if (isOne && ended.length === 0) throw new AppError('not_found', 'This session has ended already.');
			return { value: undefined, details: { sessions: ended.length }, outbox: heard(actor) };
		});
	};
