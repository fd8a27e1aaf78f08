/** What can be done to a client's state, as buttons, their consequences and the notes afterwards say it. */
export const STATUS_WORDS = {
	activate: {
		label: 'Activate',
		effect: 'Its contacts may sign in again.',
		done: 'is active. Its contacts may sign in.',
		closes: false
	},
	deactivate: {
		label: 'Deactivate',
		effect:
			'Its contacts are signed out and cannot sign in, until you activate it. Whoever is inside is sent out.',
		done: 'is inactive. Its portal is closed.',
		closes: true
	},
	archive: {
		label: 'Archive',
		effect: 'Its portal is closed and it leaves the daily lists. Its history is kept and it can be restored.',
		done: 'is archived. Its portal is closed and its history kept.',
		closes: true
	},
	restore: {
		label: 'Restore',
		effect: 'It comes back with everything it had. Its contacts may sign in again.',
		done: 'is restored.',
		closes: false
	}
} as const;
export type StatusChange = keyof typeof STATUS_WORDS;

export const isStatusChange = (text: string | null): text is StatusChange =>
	text !== null && text in STATUS_WORDS;

/** What makes sense for a client of this status. */
export const statusChanges = (status: 'active' | 'inactive' | 'archived'): StatusChange[] =>
	status === 'archived'
		? ['restore']
		: status === 'active'
			? ['deactivate', 'archive']
			: ['activate', 'archive'];

/** The change that takes one back; `to` is what a restored client becomes. */
export const undoOf = (change: StatusChange, was: string | null): { change: StatusChange; to: string } => ({
	change: (
		{ activate: 'deactivate', deactivate: 'activate', archive: 'restore', restore: 'archive' } as const
	)[change],
	to: was === 'inactive' ? 'inactive' : 'active'
});
