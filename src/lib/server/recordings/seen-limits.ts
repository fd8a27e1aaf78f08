// Numbers of the index over what was seen. Each says why it is that number; past each the recording itself stays whole.

/** A screen that stood shorter nobody has read; text that is being typed is looked at now and then. */
export const STOOD_MS = 400;
/** Reading a large document takes longer, so it must stand longer: 50 000 nodes a second. */
export const NODES_A_MS = 50;
/** A screen that never stands still is looked at after so many times that. */
export const RESTLESS = 5;

/** A longer line is cut into several: it is read, shown and found by pieces. */
export const MAX_LINE = 2_000;
/** Letters of one row: its words keep their places (PostgreSQL counts 16 383), and a search reads whole rows. */
export const MAX_ROW = 16_000;
/** Letters that one block may add: more than the longest text of one screen. */
export const MAX_BLOCK = 250_000;
/** Letters and rows of one page: a whole hour of new screens. What a page shows beyond it is not found. */
export const MAX_PAGE = 2_000_000;
export const MAX_PAGE_ROWS = 5_000;

/** Something masked that comes back this soon was there all the while, as far as an eye on a timeline can tell. */
export const MASKED_PAUSE_MS = 1_000;
/** Stretches of one kind on one page: more than places on a timeline. From there on the last one goes on over the pauses. */
export const MAX_MASKED = 500;
