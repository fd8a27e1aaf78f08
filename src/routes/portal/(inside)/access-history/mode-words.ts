import type { Mode } from '#domain/modes-and-reasons.ts';

const WORDS: Record<Mode, string> = { view: 'View only', act: 'Act' };

/** Above this many the list says less than their number. */
const MAX_NAMED = 3;

/** The modes of a visit in the order they were held: "View only, then Act". */
export function modeWords(modes: readonly Mode[]): string {
	if (modes.length > MAX_NAMED) return `View only and Act, switched ${modes.length - 1} times`;
	return modes.map((mode) => WORDS[mode]).join(', then ');
}
