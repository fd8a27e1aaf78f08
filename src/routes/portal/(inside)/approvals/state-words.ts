const WORDS: Record<string, string> = {
	open: 'Waits for your approval',
	approved: 'Approved',
	declined: 'Declined',
	withdrawn: 'Taken back by whoever prepared it',
	expired: 'Ran out: nobody decided in time'
};

/** "Approved by Bea": what became of what was prepared. */
export const stateWords = (state: string, by: string | null): string =>
	by ? `${WORDS[state] ?? state} by ${by}` : (WORDS[state] ?? state);
