// What a session receipt offers once an impersonation is over: which deeds can be taken back, and until when.
import type { ActionName } from './actions.ts';
import { UNDO_MINUTES } from './undo.ts';

/** How one deed is taken back by the staff member on their own side. */
export type UndoWay = {
	/** The action that takes it back. */
	by: ActionName;
	/** The action after which it stands again. */
	again?: ActionName;
	/** On its button. */
	label: string;
};

/** Where the entity has a way back that leaves nothing behind. What others decide about (orders, invoices) is not among it. */
export const UNDO_WAYS: Partial<Record<ActionName, UndoWay>> = {
	'task.created': { by: 'task.deleted', again: 'task.restored', label: 'Delete it' },
	'task.completed': { by: 'task.reopened', label: 'Reopen it' },
	'task.reopened': { by: 'task.completed', label: 'Complete it' },
	'task.deleted': { by: 'task.restored', label: 'Restore it' },
	'file.uploaded': { by: 'file.deleted', again: 'file.restored', label: 'Delete it' },
	'file.deleted': { by: 'file.restored', label: 'Restore it' },
	'folder.created': { by: 'folder.deleted', again: 'folder.restored', label: 'Delete it' },
	'folder.deleted': { by: 'folder.restored', label: 'Restore it' },
	'subscription.paused': { by: 'subscription.resumed', label: 'Resume it' },
	'subscription.cancelled': { by: 'subscription.kept', label: 'Keep it' }
};

/** Every action that the state of a deed depends on. */
export const UNDO_ACTIONS: readonly ActionName[] = [
	...new Set(
		Object.entries(UNDO_WAYS).flatMap(([done, { by, again }]) => [
			done as ActionName,
			by,
			...(again ? [again] : [])
		])
	)
];

export type Done = { seq: string; action: ActionName; subjectId: string | null };

/** `open`: it stands and can be taken back. `taken_back`: it was. `none`: there is no way, or something else came after it. */
export type UndoState = 'open' | 'taken_back' | 'none';

/** @param since what was done to anything from this deed on, itself included, oldest first */
export function undoState({ seq, action, subjectId }: Done, since: readonly Done[]): UndoState {
	const way = UNDO_WAYS[action];
	if (!way || subjectId === null) return 'none';
	const family: readonly (ActionName | undefined)[] = [action, way.by, way.again];
	const latest = since.findLast(
		(one) => one.subjectId === subjectId && BigInt(one.seq) >= BigInt(seq) && family.includes(one.action)
	);
	if (latest?.action === way.by) return 'taken_back';
	return latest?.seq === seq || (way.again && latest?.action === way.again) ? 'open' : 'none';
}

/**
 * Counted from the end and not from the deed: the receipt is where a staff member looks over what they did, and half an
 * hour inside would have used up the time of whatever came first.
 */
export const undoUntil = (endedAt: number): number => endedAt + UNDO_MINUTES * 60_000;

/**
 * Held mails wait for their receipt at most this long, then they go by themselves: whoever forgets their receipt over lunch
 * finds them still there, and a client hears of a change on the day it was made.
 */
export const HOLD_HOURS = 4;

export const holdUntil = (endedAt: number): number => endedAt + HOLD_HOURS * 3_600_000;

/** A closing note is written the same day, while it is known what was meant; afterwards it is evidence. */
export const NOTE_HOURS = 24;
export const MAX_NOTE = 1_000;

export const noteUntil = (endedAt: number): number => endedAt + NOTE_HOURS * 3_600_000;
