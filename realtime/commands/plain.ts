/** What a stranger wrote, fit for one line of the operator's terminal: nothing in it moves, hides or turns what stands there. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
