/** Time as the process sees it. The database's own clock stays the truth for rows (design.md §3). */
export interface Clock {
	/** ms since the epoch */
	now(): number;
}
