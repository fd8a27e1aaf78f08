// How long recordings are kept, and the jobs of housekeeping, in words.

/** Ten years: more is surely a slip of the key, and a recording kept for ever is a liability. */
export const MAX_RECORDING_DAYS = 3650;

/** The jobs that remove something, as the page of retention names them. */
export const JOB_RUNS = {
	'recordings.expire': 'Removes recordings whose days are over, and what is left of erased ones',
	'recordings.sweep': 'Removes stored pieces that no recording names any more',
	'recordings.compact': 'Puts blocks of week-old recordings together',
	'files.purge': 'Removes the bytes of files deleted 30 days ago',
	'uploads.expire': 'Removes uploads that nobody went on with',
	'leftovers.purge':
		'Removes links, codes, old sessions, and settled alerts and lists of erasures whose days are over',
	'mails.forget': 'Removes mails of erased clients'
} as const;
export type JobRunName = keyof typeof JOB_RUNS;
