/** Ties the boxes of the table to the form above it. */
export const HOLD_FORM = 'hold-recordings';

type Held = { what: 'hold' | 'release'; done: number; left: number; sentence: string | null };

/** "2 recordings are on hold now. 1 left as before: Held or erased before." */
export function heldSentence({ what, done, left, sentence }: Held): string {
	if (done === 0) return `Nothing was changed. ${sentence ?? ''}`.trim();
	const many = done === 1 ? '1 recording is' : `${done} recordings are`;
	const told = `${many} ${what === 'hold' ? 'on hold now' : 'released'}.`;
	return left > 0 ? `${told} ${left} left as before: ${sentence}` : told;
}
