/** Ties the boxes of the table to the form above it. */
export const BULK_FORM = 'change-clients';

const DONE: Record<string, string> = {
	assign: 'assigned',
	unassign: 'taken off',
	archive: 'archived',
	restore: 'restored',
	activate: 'activated',
	deactivate: 'deactivated'
};
const UNDO: Record<string, string> = {
	assign: 'unassign',
	unassign: 'assign',
	archive: 'restore',
	restore: 'archive'
};

/** "3 clients archived." */
export const bulkSentence = (what: string, done: number): string =>
	done === 0
		? 'Nothing was changed.'
		: `${done === 1 ? '1 client' : `${done} clients`} ${DONE[what] ?? 'changed'}.`;

export const undoOfBulk = (what: string): string | null => UNDO[what] ?? null;
