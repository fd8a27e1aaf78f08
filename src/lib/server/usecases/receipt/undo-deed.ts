// Takes back one deed of a receipt, in the ways that the entities have for staff on their own side: the undoing is an
// action of its own, with that entity's rights, locks and notices. Here is only decided that the deed is this receipt's.
import { isActionName, type ActionName } from '#domain/actions.ts';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { undoUntil, UNDO_WAYS } from '#domain/receipt.ts';
import { UNDO_MINUTES } from '#domain/undo.ts';
import type { Db } from '#server/db/types.ts';
import { readDeed } from './receipt-deeds.ts';
import { requireReceipt, type Named } from './receipt-head.ts';

export type Way = (actor: StaffActor, input: { id: string }, origin: Origin) => Promise<unknown>;
export type Ways = Partial<Record<ActionName, Way>>;

type Dependencies = { db: Db; ways: Ways };

const GONE = new AppError(
	'conflict',
	'This can no longer be taken back: something else was done to it since.'
);

/** @throws AppError `not_found`, `not_allowed`, `conflict` when it is too late; whatever the entity says */
export const undoDeed =
	({ db, ways }: Dependencies) =>
	async (actor: StaffActor, { seq, ...named }: Named & { seq: string }, origin: Origin): Promise<void> => {
		const { head, standing } = await requireReceipt(db, actor, named);
		if (head.staffId !== actor.staffId)
			throw new AppError('not_allowed', `Only ${head.staff} takes back what they did inside.`);
		if (head.endedAt === null) throw new AppError('conflict', 'You are still inside. Switch back first.');
		if (head.now > undoUntil(head.endedAt))
			throw new AppError(
				'conflict',
				`From here things can be taken back for ${UNDO_MINUTES} minutes after Switch Back. Change it on the client’s page.`
			);
		const deed = await readDeed(db, head, standing, seq);
		if (!deed) throw new AppError('not_found', 'There is no such action in this receipt.');
		if (deed.undo !== 'open' || deed.subjectId === null) throw GONE;
		const way = isActionName(deed.action) ? UNDO_WAYS[deed.action] : undefined;
		const take = way && ways[way.by];
		if (!take) throw GONE;
		await take(actor, { id: deed.subjectId }, origin);
	};
