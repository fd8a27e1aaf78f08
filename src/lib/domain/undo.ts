/**
 * How long a slip that others hear of can be taken back: long enough to notice it, short enough that nobody has built on it
 * yet. Orders, permissions and colleagues; files and tasks have a bin of their own.
 */
export const UNDO_MINUTES = 15;
